/** Which networks this machine is in, in words of its own: a change says that one was lost, found, or another taken. */
import { networkInterfaces } from 'node:os';

export function networksHere(): string {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses = []]) =>
      addresses.filter(({ internal }) => !internal).map(({ cidr, address }) => `${name} ${cidr ?? address}`),
    )
    .toSorted()
    .join('\n');
}
