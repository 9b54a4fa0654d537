import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { watchPowerMonitor } from '../../../main/host/power-monitor.ts';

function monitored() {
  const idle = { seconds: 0 };
  const monitor = Object.assign(new EventEmitter(), { getSystemIdleTime: () => idle.seconds });
  let look: () => void = () => undefined;
  const heard: string[] = [];
  const watch = watchPowerMonitor(monitor, (_ms, each) => {
    look = each;
    return () => {
      look = () => undefined;
    };
  })((event) => heard.push(event));
  return { monitor, idle, look: () => look(), heard, watch };
}

it('passes lock, sleep and waking on, and absence once each time', () => {
  const { monitor, idle, look, heard } = monitored();
  for (const event of ['lock-screen', 'suspend', 'resume', 'unlock-screen']) monitor.emit(event);
  for (const seconds of [10, 299, 300, 400, 3, 301]) {
    idle.seconds = seconds;
    look();
  }
  expect(heard).toEqual(['lock-screen', 'suspend', 'resume', 'idle', 'idle']);
});

it('lets go of the monitor when it is stopped', () => {
  const { monitor, idle, look, heard, watch } = monitored();
  expect(watch.isWatching()).toBe(true);
  watch.stop();
  idle.seconds = 900;
  look();
  monitor.emit('lock-screen');
  expect(heard).toEqual([]);
  expect(watch.isWatching()).toBe(false);
  expect(monitor.eventNames()).toEqual([]);
});
