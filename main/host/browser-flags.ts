/** How an installed Chromium is started as the app's window. */

/** A browser that asks nobody anything: no updates, no sync, no first-run pages. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-default-apps',
  '--no-first-run',
  '--no-default-browser-check',
];

/**
 * A browser without a network: what it loads is answered before one is looked for. All else goes to a proxy that is nowhere (RFC 6761, 6.4),
 * loopback too, and WebRTC, which interception does not see and no content security policy stops, may use nothing but that proxy.
 */
const alone = [
  '--proxy-server=nowhere.invalid:1',
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
];

export const browserFlags: readonly string[] = [...quiet, ...alone];
