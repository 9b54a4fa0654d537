/** What the command line signs and is judged by: two PDFs, the root as PEM and as the judges' database. */
import { writeFile } from 'node:fs/promises';
import { PDFDocument } from 'pdf-lib';
import { createTrustDatabase } from '../../sandbox/demo/judges.ts';
import { certificatePem, type Pki } from '../../sandbox/pki/index.ts';

/** Writes `a.pdf`, `b.pdf`, `root.pem` and the folder `nss`. @returns the path of root.pem */
export async function writeSampleFiles(at: (name: string) => string, { root }: Pick<Pki, 'root'>): Promise<string> {
  const rootPem = at('root.pem');
  await writeFile(rootPem, certificatePem(root));
  await createTrustDatabase(at('nss'), rootPem);
  for (const name of ['a.pdf', 'b.pdf']) {
    const pdf = await PDFDocument.create();
    pdf.addPage().drawText(`Document ${name}`);
    await writeFile(at(name), await pdf.save());
  }
  return rootPem;
}
