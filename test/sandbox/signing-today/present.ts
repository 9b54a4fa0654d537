/** The stored DST as it is answered: its resources with their addresses at this server. */
import type { Dst } from './model.ts';

export function presentDst(dst: Dst, baseUrl: string): Dst {
  return { ...dst, resources: dst.resources.map((each) => ({ ...each, url: `${baseUrl}/resource/${each.id}` })) };
}
