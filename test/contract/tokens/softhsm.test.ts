import { tokenContract } from './token-contract.ts';
import { createSoftHsmStack } from './token-stack.ts';

tokenContract('SoftHSM2', createSoftHsmStack);
