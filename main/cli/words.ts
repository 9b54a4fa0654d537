/** Codes in words, with what to do next. Every code a command can meet that a person can act on is here. */
const sentences: Readonly<Record<string, string>> = {
  'pin-incorrect':
    'The PIN is wrong. One try was used; nothing was signed with it. Check the PIN and run the command again.',
  'pin-locked': 'The PIN is locked. Unblock it with its PUK before signing again.',
  'pin-length': 'The PIN has a length this token does not accept; it was not sent, no try was used.',
  'pin-expired': 'The PIN has expired. Change it with the card vendor’s tool.',
  'pin-unreadable': 'The PIN did not reach the token host whole; no try was used. Run the command again.',
  'token-absent': 'No such token is here. Put the card in its reader, or name another with --token.',
  'token-removed': 'The token was taken out. What was signed is kept; put it back and run the command again.',
  'module-missing': 'The PKCS#11 module is not there. Check the path, or install the card vendor’s software.',
  'module-wrong-architecture': 'The PKCS#11 module is for another processor. Install the version for this one.',
  'module-crashed': 'The card vendor’s module crashed. Nothing is lost; run the command again.',
  'module-hung': 'The card vendor’s module does not answer. Nothing is lost; run the command again.',
  'module-set-aside':
    'The card vendor’s module failed three times and is left alone. Ask again to try it once more; the vendor may have a newer version.',
  'pin-not-locked': 'The PIN is not locked, so nothing was sent: a PUK taken for a PIN would cost a try.',
  'pin-change-unsupported': 'This token’s PIN cannot be changed through PKCS#11. Use the card vendor’s tool.',
  'pin-cancelled': 'Entering the PIN was cancelled. Nothing was signed.',
  'identity-disabled': 'This certificate cannot sign documents now. `countersign tokens` says why.',
  offline: 'The server cannot be reached. What was done here is kept and goes out when it can be.',
  'server-error': 'The server answered with an error. It will be tried again.',
  'bad-response': 'The server’s answer makes no sense (not what its interface promises). It will be tried again.',
  'sign-in-refused': 'The service does not accept this name and password.',
  'sign-in-expired': 'The sign-in has ended. Add the account again with `countersign accounts add`.',
  'insecure-url': 'The address is not https. Plain http is only allowed to this computer.',
  'rate-limited': 'The server asks to wait. It will be tried again by itself.',
  'not-a-pdf': 'This is not a PDF file.',
  damaged: 'The PDF’s cross-reference data is damaged; signing it would need a rewrite, which is refused.',
  encrypted: 'The PDF is encrypted in a way this app does not know; it can neither be read nor kept.',
  'password-needed': 'The PDF has a password: give it with --password-fd.',
  limit: 'The PDF goes past the limits this app keeps (depth, size, length of its history).',
  'document-changed': 'The document is not the one that was reviewed any more. Open it again, then sign.',
  'document-moved-on': 'Somebody else changed the document at the service. Sync, look at it again, then sign.',
  'changes-not-permitted': 'The document’s certification allows no further signature.',
  'not-ready': 'It is not your turn yet: others sign first.',
  'not-mine': 'This signature is asked of somebody else.',
  restricted: 'The sender restricts which certificate may sign, with a rule this version cannot check.',
  'profile-unsupported': 'The sender asks for CAdES, which this version cannot make yet.',
  'nothing-to-decline': 'Nothing here waits for you to decline.',
  'not-declinable': 'The sender does not allow this to be declined.',
  'not-found': 'There is no such item.',
  'profile-locked': 'Another program has this profile open.',
  'wrong-key': 'The profile was made with another key than this computer holds.',
  'secret-unreadable': 'The profile’s key cannot be read: its file must belong to you alone.',
  'no-authority':
    'No timestamp authority is set. Name one with --tsa or `countersign settings set timestampAuthorities URL`.',
  ENOENT: 'There is no such file.',
  EACCES: 'The file may not be read or written.',
  EISDIR: 'This is a folder.',
  EEXIST: 'The file is being written by another run.',
};

/** A sentence for the code; the code itself where there is none. */
export function inWords(code: string): string {
  return sentences[code] ?? code;
}
