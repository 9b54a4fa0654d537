/**
 * Files of the person's own disk, for a window that must never name a path: what a host dialog chose, what was dropped, and what was made
 * from those, each under an id that means nothing outside this process.
 */
import type {
  BatchChoices,
  FileInspection,
  FileResultView,
  FileView,
  FirstPage,
  PlaceChoice,
  SealedPin,
  Statements,
  ValidationReport,
} from '../../preload/model.ts';

export type FilesErrorCode =
  | 'reason-excluded'
  | 'not-found'
  | 'limit'
  | 'bad-size'
  | 'storage'
  | 'no-authority'
  | 'no-dialog';

export class FilesError extends Error {
  readonly code: FilesErrorCode;
  constructor(code: FilesErrorCode, cause?: unknown) {
    super(`files: ${code}`, { cause });
    this.name = 'FilesError';
    this.code = code;
  }
}

export interface FileToSign {
  readonly fileId: string;
  readonly place?: PlaceChoice | undefined;
  readonly fieldName?: string | undefined;
  readonly reason?: string | undefined;
  /** What a detached message that is to have one more signature signs. */
  readonly contentFileId?: string | undefined;
}

export interface FilesRequest {
  readonly sessionId: string;
  readonly identityId: string;
  readonly sealedPin?: SealedPin | undefined;
  readonly files: readonly FileToSign[];
  readonly folderId?: string | undefined;
  readonly choices?: BatchChoices | undefined;
  readonly certify?: 1 | 2 | 3 | undefined;
  readonly cades?: 'attached' | 'detached' | undefined;
  /** Damaged files that carry no signature are written anew, then signed. */
  readonly rewrite?: boolean | undefined;
  readonly statements?: Statements | undefined;
}

export type FilesEvent =
  | { readonly kind: 'progress'; readonly batchId: string; readonly result: FileResultView }
  | { readonly kind: 'ended'; readonly batchId: string; readonly stopped: string | undefined };

/** Errors are FilesErrors, and those of engine and disk by their codes. */
export interface Files {
  /** Each path that is a file; a folder stands for the PDFs in it. What cannot be read is passed over. */
  add(paths: readonly string[]): Promise<FileView[]>;
  receive(name: string, sizeBytes: number): Promise<{ uploadId: string }>;
  append(uploadId: string, bytes: Uint8Array): Promise<void>;
  received(uploadId: string): Promise<FileView>;
  forget(fileIds: readonly string[]): Promise<void>;
  addFolder(path: string): { id: string; name: string };
  view(fileId: string): FileView;
  read(fileId: string, offset: number, length: number): Promise<Uint8Array>;
  /** The first page as a PDF of its own; empty where it cannot be cut out. */
  firstPage(fileId: string): Promise<FirstPage>;
  inspect(fileId: string, password: string | undefined): Promise<FileInspection>;
  /** A detached signature is verified against the second file; online, the network says who is revoked where the file does not. */
  verify(fileId: string, contentFileId: string | undefined, online: boolean): Promise<ValidationReport>;
  sign(request: FilesRequest): Promise<{ batchId: string }>;
  batch(batchId: string): { results: FileResultView[]; running: boolean; stopped?: string };
  cancel(batchId: string): void;
  /** Undefined for bytes that came without a path. */
  pathOf(fileId: string): string | undefined;
  close(): Promise<void>;
}
