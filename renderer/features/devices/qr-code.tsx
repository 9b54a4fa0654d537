/** A QR code as one path: dark on light in either theme, with the quiet zone readers need (ISO/IEC 18004, 6.3.8). */
import QRCode from 'qrcode';
import { useMemo } from 'react';
import classes from './qr-code.module.css';

const QUIET = 4;

interface Drawing {
  readonly side: number;
  readonly path: string;
}

export function drawModules(text: string): Drawing {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  let path = '';
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (data[y * size + x] === 1) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
    }
  }
  return { side: size + 2 * QUIET, path };
}

export function QrCode({ text, label, faded = false }: { text: string; label: string; faded?: boolean }) {
  const { side, path } = useMemo(() => drawModules(text), [text]);
  return (
    <svg
      className={classes.code}
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={label}
      data-faded={faded}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} className={classes.light} />
      <path d={path} className={classes.dark} />
    </svg>
  );
}
