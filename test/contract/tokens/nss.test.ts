import { createNssStack } from './stacks/nss.ts';
import { tokenContract } from './token-contract.ts';

tokenContract('NSS softokn', createNssStack);
