/** The browser's own way to files: its dialog, and what is dropped, folders with their PDFs. */
import type { GivenFile } from '../../local-files.ts';

/** None where the dialog is cancelled. */
export function pickFiles(): Promise<GivenFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = '.pdf,.p7m,.p7s,application/pdf';
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true });
    input.addEventListener('cancel', () => resolve([]), { once: true });
    input.click();
  });
}

const isPdfName = (name: string) => /\.pdf$/i.test(name);

function readEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** The PDFs that lie in a folder, by name; not those in folders of it. */
async function pdfsIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // A reader gives a folder's entries in portions, the last one empty.
  for (let part = await readEntries(reader); part.length > 0; part = await readEntries(reader)) entries.push(...part);
  const pdfs = entries.filter((entry): entry is FileSystemFileEntry => entry.isFile && isPdfName(entry.name));
  return Promise.all(pdfs.sort((a, b) => (a.name < b.name ? -1 : 1)).map(fileOf));
}

/**
 * What was dropped. Must be called while the drop is being handled: its items are gone afterwards.
 * @param byPath the host reads folders by itself, so they are handed over as they are
 */
export function droppedFiles(transfer: DataTransfer, byPath: boolean): Promise<GivenFile[]> {
  const plain = [...transfer.files];
  if (byPath) return Promise.resolve(plain);
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  if (!entries.some((entry) => entry?.isDirectory)) return Promise.resolve(plain);
  const read = entries.map((entry) => {
    if (entry?.isDirectory) return pdfsIn(entry as FileSystemDirectoryEntry);
    return entry?.isFile ? fileOf(entry as FileSystemFileEntry).then((file) => [file]) : [];
  });
  return Promise.all(read).then((lists) => lists.flat());
}
