/** Why a profile cannot be opened, in words, for whoever starts before there is a window to say it. */
const sentences: Readonly<Record<string, string>> = {
  'profile-locked': 'Another program has this profile open.',
  'wrong-key': 'The profile was made with another key than this computer holds, or its first page is damaged.',
  'secret-elsewhere':
    'The profile’s key is in another secret store than this program has: open the profile with the program that made it (the app in Electron keeps the key in the system’s keyring, the command line and the Chromium window in a key file).',
  'secret-unreadable': 'The profile’s key cannot be read: its file must belong to you alone.',
  'newer-version': 'A newer version of Countersign made this profile. Install that version.',
  damaged:
    'The profile’s database is damaged. Restore the profile’s folder from a copy; files of signed documents are kept as they are.',
  'read-only': 'The profile’s folder or its files cannot be written. Make them writable for yourself.',
  'disk-full': 'The disk is full. Make room, then start again; nothing is lost.',
  'not-private': 'The profile’s folder belongs to somebody else.',
  'damaged-profile-id': 'The profile’s id cannot be read. Restore the file profile-id from a copy of the folder.',
};

/** A sentence for the code; undefined for what does not concern a profile. */
export function profileWords(code: string): string | undefined {
  return Object.hasOwn(sentences, code) ? sentences[code] : undefined;
}
