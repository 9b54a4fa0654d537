/** Looks for a code through the camera. The desk lends it while it is looked through, and takes it back. */
import { Text } from '@mantine/core';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../bridge.ts';
import { useBridge } from '../../desk.tsx';
import classes from './camera.module.css';
import { readCode } from './read-code.ts';

/** The desk takes the camera back after two minutes. */
const RENEW_MS = 60_000;
const LOOK_MS = 200;

async function openCamera(video: HTMLVideoElement): Promise<MediaStream> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  video.srcObject = stream;
  await video.play();
  return stream;
}

function grab(video: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData | undefined {
  const { videoWidth: width, videoHeight: height } = video;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || width === 0 || height === 0) return undefined;
  canvas.width = width;
  canvas.height = height;
  context.drawImage(video, 0, 0);
  return context.getImageData(0, 0, width, height);
}

export function Camera({ onText }: { onText: (text: string) => void }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  const found = useEffectEvent(onText);
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const canvas = document.createElement('canvas');
    let stream: MediaStream | undefined;
    const lend = (on: boolean) => ask(bridge, 'devices.camera', { on });
    const renewal = setInterval(() => void lend(true).catch(() => undefined), RENEW_MS);
    const look = async () => {
      const { current } = video;
      if (!current || signal.aborted) return;
      const picture = grab(current, canvas);
      const text = picture && (await readCode(picture));
      if (signal.aborted) return;
      if (text === undefined) setTimeout(() => void look(), LOOK_MS);
      else found(text);
    };
    const start = async () => {
      const { allowed } = await lend(true);
      if (!allowed || !video.current || signal.aborted) throw new Error('no camera');
      stream = await openCamera(video.current);
      if (signal.aborted) for (const track of stream.getTracks()) track.stop();
      else await look();
    };
    start().catch(() => !signal.aborted && setRefused(true));
    return () => {
      ending.abort();
      clearInterval(renewal);
      for (const track of stream?.getTracks() ?? []) track.stop();
      void lend(false).catch(() => undefined);
    };
  }, [bridge]);
  if (refused) {
    return (
      <Text size="sm" role="alert">
        {t('devices.noCamera')}
      </Text>
    );
  }
  return <video ref={video} className={classes.picture} muted playsInline aria-label={t('devices.cameraPicture')} />;
}
