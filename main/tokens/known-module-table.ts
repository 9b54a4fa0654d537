/**
 * File names of the PKCS#11 modules of the vendors whose cards sign documents, by system. A name without a folder is looked
 * for in the system's library folders; `/` first or a drive letter makes it a path of its own. The generic modules stand last:
 * a vendor's own module knows its card better.
 */
export interface ModuleFiles {
  readonly vendor: string;
  /** What a person installs to get the module, where that has a name of its own. */
  readonly software?: string;
  readonly linux?: readonly string[];
  readonly macos?: readonly string[];
  readonly windows?: readonly string[];
}

export const moduleTable: readonly ModuleFiles[] = [
  {
    vendor: 'Bit4id',
    software: 'Bit4id Universal Middleware',
    linux: ['/usr/lib/bit4id/libbit4xpki.so', 'libbit4xpki.so', '/usr/lib/bit4id/libbit4ipki.so', 'libbit4ipki.so'],
    macos: ['/Library/bit4id/pkcs11/libbit4xpki.dylib', '/Library/bit4id/pkcs11/libbit4ipki.dylib'],
    windows: ['bit4xpki.dll', 'bit4ipki.dll', 'bit4opki.dll'],
  },
  {
    vendor: 'IPZS (CIE)',
    software: 'Software CIE',
    linux: ['libcie-pkcs11.so'],
    macos: ['/Library/ipzs/libcie-pkcs11.dylib', 'libcie-pkcs11.dylib'],
    windows: ['CIEPKI.dll'],
  },
  {
    vendor: 'Athena IDProtect',
    software: 'IDProtect Client',
    linux: ['/usr/lib/x64-athena/libASEP11.so', 'libASEP11.so'],
    macos: ['/Library/Application Support/Athena/libASEP11.dylib', 'libASEP11.dylib'],
    windows: ['asepkcs.dll'],
  },
  {
    vendor: 'Thales SafeNet',
    software: 'SafeNet Authentication Client',
    linux: ['libeTPkcs11.so', 'libIDPrimePKCS11.so'],
    macos: ['libeTPkcs11.dylib', '/Library/Frameworks/eToken.framework/Versions/Current/libIDPrimePKCS11.dylib'],
    windows: ['eTPKCS11.dll', 'SafeNet\\Authentication\\SAC\\x64\\IDPrimePKCS1164.dll'],
  },
  {
    vendor: 'Gemalto',
    software: 'Gemalto Classic Client or IDGo 800',
    linux: ['libgclib.so', '/usr/lib/ClassicClient/libgclib.so'],
    macos: ['libidprimepkcs11.dylib', 'libidprimepkcs11.0.dylib'],
    windows: ['Gemalto\\IDGo 800 PKCS#11\\IDPrimePKCS1164.dll', 'Gemalto\\Classic Client\\BIN\\gclib.dll', 'gclib.dll'],
  },
  {
    vendor: 'IDEMIA',
    software: 'AWP Identity Manager',
    linux: ['/usr/local/AWP/lib/libOcsCryptoki.so'],
    windows: ['IDEMIA\\AWP\\DLLs\\OcsCryptoki.dll', 'OcsCryptoki.dll'],
  },
  {
    vendor: 'A.E.T. SafeSign',
    software: 'SafeSign Identity Client',
    linux: ['libaetpkss.so', 'libaetpkss.so.3'],
    macos: ['/Applications/tokenadmin.app/Contents/Frameworks/libaetpkss.dylib', 'libaetpkss.dylib'],
    windows: ['aetpkss1.dll'],
  },
  {
    vendor: 'Watchdata',
    linux: ['/usr/lib/watchdata/ICP/lib/libwdpkcs_icp.so', '/usr/lib/watchdata/lib/libwdpkcs.so'],
    macos: ['libwdpkcs.dylib'],
    windows: ['WDPKCS.dll', 'WDICP_P11_CCID_v34.dll'],
  },
  {
    vendor: 'Feitian ePass2003',
    software: 'Feitian ePass2003 middleware',
    linux: ['libcastle.so.1.0.0'],
    macos: ['libcastle.1.0.0.dylib'],
    windows: ['eps2003csp11.dll'],
  },
  {
    vendor: 'Brazilian cloud tokens',
    linux: ['libneoidp11.so', '/etc/Dexon/DXSafe/libDXSafePKCS11.X64.so'],
    macos: ['libdesktopID_Provider.dylib', '/Applications/DXSafe/libDXSafePKCS11.dylib'],
    windows: ['SerproPkcs11.dll', 'desktopID_Provider.dll', 'DXSafePKCS11.dll'],
  },
  {
    vendor: 'LVRTC eParaksts',
    software: 'eParakstītājs / Latvia eID middleware',
    linux: ['/opt/latvia-eid/lib/eidlv-pkcs11.so'],
    macos: ['/Library/latvia-eid/lib/eidlv-pkcs11.bundle/Contents/MacOS/eidlv-pkcs11'],
  },
  {
    vendor: 'Softemia mCard',
    software: 'mCard',
    linux: ['mcard-pkcs11.so'],
    macos: ['/Library/mCard/lib/mcard-pkcs11.so'],
    windows: ['Softemia\\mcard\\mcard-pkcs11.dll'],
  },
  {
    vendor: 'FinEID',
    software: 'Atostek ID',
    linux: ['Atostek-ID-PKCS11.so'],
    macos: ['/Library/Atostek ID/Atostek-ID-PKCS11.dylib', '/Library/mPolluxDigiSign/libcryptoki.dylib'],
  },
  {
    vendor: 'DNIe',
    software: 'DNIe PKCS#11 module',
    linux: ['libpkcs11-dnie.so', '/opt/FNMTpkcs11dnie/lib/libpkcs11-dnie.so'],
    macos: ['/Library/Libpkcs11-dnie/lib/libpkcs11-dnie.so'],
    windows: ['DNIe_P11_x64.dll', 'DNIe_P11.dll'],
  },
  { vendor: 'FNMT-RCM', windows: ['FNMT_P11_x64.dll', 'FNMT_P11.dll'] },
  {
    vendor: 'Atos CardOS',
    software: 'CardOS API',
    macos: ['libcardos11.dylib'],
    windows: ['cardos11_64.dll', 'siecap11.dll'],
  },
  {
    vendor: 'Autenticação.gov',
    software: 'Autenticação.gov middleware',
    linux: ['libpteidpkcs11.so'],
    macos: ['libpteidpkcs11.dylib'],
    windows: ['pteidpkcs11.dll'],
  },
  {
    vendor: 'BOSA beID',
    software: 'Belgian eID middleware',
    linux: ['libbeidpkcs11.so.0', 'libbeidpkcs11.so'],
    macos: ['/Library/Belgium Identity Card/Pkcs11/beid-pkcs11.bundle/Contents/MacOS/libbeidpkcs11.dylib'],
    windows: ['beidpkcs11.dll'],
  },
  { vendor: 'A-Trust', windows: ['asignp11.dll'] },
  {
    vendor: 'AKD',
    software: 'Certilia Middleware',
    linux: [
      '/usr/lib/akd/certiliamiddleware/pkcs11/libEidPkcs11.so',
      '/usr/lib/akd/eidmiddleware/pkcs11/libEidPkcs11.so',
    ],
    macos: ['libEidPkcs11.dylib'],
    windows: [
      'AKD\\Certilia Middleware\\pkcs11\\AkdEidPkcs11_64.dll',
      'AKD\\eID Middleware\\pkcs11\\AkdEidPkcs11_64.dll',
    ],
  },
  {
    vendor: 'eObčanka',
    software: 'eObčanka',
    linux: ['libeopproxyp11.so'],
    macos: ['/usr/local/lib/eOPCZE/libeopproxyp11.dylib'],
    windows: ['eopproxyp11.dll'],
  },
  {
    vendor: 'I.CA SecureStore',
    software: 'I.CA SecureStore',
    linux: ['libICASecureStorePkcs11.so'],
    macos: ['libICASecureStorePkcs11.dylib'],
    windows: ['SecureStorePkcs11.dll'],
  },
  {
    vendor: 'MONET+ ProID',
    software: 'ProID+',
    linux: ['libproidqcm11.so'],
    macos: ['/usr/local/lib/ProIDPlus/libproidqcm11.dylib'],
    windows: ['proidqcm11.dll'],
  },
  {
    vendor: 'Slovak eID',
    software: 'eID klient',
    linux: ['/usr/lib/eID_klient/libpkcs11_x64.so'],
    macos: ['/Applications/eID_klient.app/Contents/Frameworks/libPkcs11.dylib'],
    windows: ['eID_klient\\pkcs11_x64.dll'],
  },
  {
    vendor: 'IN Groupe',
    software: 'Smart Card Middleware',
    linux: ['/usr/lib/SCMiddleware/libidop11.so'],
    macos: ['/Library/SCMiddleware/libidop11.dylib'],
    windows: ['Smart Card Middleware\\bin\\idoPKCS.dll'],
  },
  { vendor: 'Certum', software: 'proCertum CardManager', windows: ['cryptoCertum3PKCS.dll'] },
  {
    vendor: 'Safran Morpho',
    software: 'Morpho YpsID middleware',
    macos: ['libCnfPkcs11.dylib'],
    windows: ['CnfPkcs11v220.dll'],
  },
  {
    vendor: 'Aktiv Rutoken',
    software: 'Rutoken drivers',
    linux: ['librtpkcs11ecp.so'],
    macos: ['librtpkcs11ecp.dylib'],
    windows: ['rtPKCS11ECP.dll'],
  },
  { vendor: 'Nexus Personal', windows: ['Personal\\bin64\\personal64.dll'] },
  { vendor: 'NeoWave', windows: ['cmp1164.dll'] },
  { vendor: 'AKIS', software: 'AKİS', windows: ['akisp11.dll'] },
  { vendor: 'ONECI mCard', software: 'mCard', windows: ['ONECI\\mcard\\mcard-pkcs11.dll'] },
  {
    vendor: 'Yubico',
    software: 'Yubico PIV Tool',
    linux: ['libykcs11.so'],
    macos: ['libykcs11.dylib'],
    windows: ['Yubico\\Yubico PIV Tool\\bin\\libykcs11.dll'],
  },
  {
    vendor: 'OpenSC',
    software: 'OpenSC',
    linux: ['opensc-pkcs11.so'],
    macos: ['/Library/OpenSC/lib/opensc-pkcs11.so', 'opensc-pkcs11.so'],
    windows: ['OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll', 'opensc-pkcs11.dll'],
  },
  {
    vendor: 'SoftHSM',
    linux: [
      '/usr/lib/softhsm/libsofthsm2.so',
      '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
      '/usr/lib64/softhsm/libsofthsm2.so',
    ],
    macos: ['/usr/local/lib/softhsm/libsofthsm2.so', '/opt/homebrew/lib/softhsm/libsofthsm2.so'],
    windows: ['C:\\SoftHSM2\\lib\\softhsm2-x64.dll'],
  },
];
