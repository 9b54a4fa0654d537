/** A process that signs one file and says the most memory it held: `sign-once.ts INPUT OUTPUT`. */
import { openSoftSigning } from './soft-batch.ts';

const [input = '', output = ''] = process.argv.slice(2);
await openSoftSigning()(input, output);
process.stdout.write(`${process.resourceUsage().maxRSS}\n`);
