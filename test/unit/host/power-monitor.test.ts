import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { watchBattery, watchPowerMonitor } from '../../../main/host/power-monitor.ts';
import { type WatchSystem, watchBoth } from '../../../main/host/system-watch.ts';

function monitored() {
  const idle = { seconds: 0 };
  const monitor = Object.assign(new EventEmitter(), {
    getSystemIdleTime: () => idle.seconds,
    isOnBatteryPower: () => true,
  });
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

it('passes lock, sleep, waking and battery on, and absence once each time', () => {
  const { monitor, idle, look, heard } = monitored();
  for (const event of ['lock-screen', 'suspend', 'resume', 'unlock-screen', 'on-ac', 'on-battery']) monitor.emit(event);
  for (const seconds of [10, 299, 300, 400, 3, 301]) {
    idle.seconds = seconds;
    look();
  }
  const battery = ['on-mains', 'on-battery'];
  expect(heard).toEqual([
    'on-battery',
    'lock-screen',
    'suspend',
    'resume',
    'unlock-screen',
    ...battery,
    'idle',
    'idle',
  ]);
});

it('lets go of the monitor when it is stopped', () => {
  const { monitor, idle, look, heard, watch } = monitored();
  expect(watch.isWatching()).toBe(true);
  expect(heard.splice(0)).toEqual(['on-battery']);
  watch.stop();
  idle.seconds = 900;
  look();
  monitor.emit('lock-screen');
  expect(heard).toEqual([]);
  expect(watch.isWatching()).toBe(false);
  expect(monitor.eventNames()).toEqual([]);
});

it('adds the battery to what another watch hears, and takes its word on the locked screen', () => {
  const { monitor } = monitored();
  const heard: string[] = [];
  let stopped = false;
  const logind: WatchSystem = (listener) => {
    listener('suspend');
    return {
      isWatching: () => !stopped,
      stop() {
        stopped = true;
      },
    };
  };
  const watch = watchBoth(logind, watchBattery(monitor))((event) => heard.push(event));
  monitor.emit('on-ac');
  monitor.emit('lock-screen');
  expect(heard).toEqual(['suspend', 'on-battery', 'on-mains']);
  expect(watch.isWatching()).toBe(true);
  watch.stop();
  monitor.emit('on-ac');
  expect([heard.length, watch.isWatching()]).toEqual([3, false]);
});
