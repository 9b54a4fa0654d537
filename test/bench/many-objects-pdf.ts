/** A PDF of one page among very many objects, in one cross-reference table. */

/** @param count objects beside the page's own five */
export function manyObjectsPdf(count: number): Uint8Array {
  const text = 'BT /F 18 Tf 60 760 Td (The first page) Tj ET';
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>',
    '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
    `<</Length ${text.length}>>\nstream\n${text}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  const parts: string[] = ['%PDF-1.7\n'];
  let at = parts[0]?.length ?? 0;
  const entries: string[] = [];
  for (let num = 1; num <= objects.length + count; num++) {
    const object = `${num} 0 obj\n${objects[num - 1] ?? `<</Kind/Filler/Number ${num}>>`}\nendobj\n`;
    entries.push(`${String(at).padStart(10, '0')} 00000 n\r\n`);
    parts.push(object);
    at += object.length;
  }
  const size = objects.length + count + 1;
  parts.push(`xref\n0 ${size}\n0000000000 65535 f\r\n`, entries.join(''));
  parts.push(`trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`);
  return Buffer.from(parts.join(''), 'latin1');
}
