/** The person's signature marks. */
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type MarkCalls = Pick<Handlers, 'marks.list' | 'marks.image' | 'marks.add' | 'marks.remove' | 'marks.prefer'>;

/** A person has a few; more is a window gone wrong. */
const MOST_MARKS = 50;

export function markHandlers({ store, clock, newId, measureMark }: Rooms): MarkCalls {
  return {
    'marks.list': () => store.marks(),
    'marks.image': ({ markId }) => store.markImage(markId),
    'marks.add': async ({ kind, label, image }) => {
      const known = await store.marks();
      if (known.length >= MOST_MARKS) throw new CallError('too-many-marks');
      const size = await measureMark(image);
      if (!size) throw new CallError('mark-unreadable');
      const mark = { id: newId(), kind, label, ...size, createdAt: clock.now(), preferred: known.length === 0 };
      await store.putMark(mark, image);
      return mark;
    },
    'marks.remove': async ({ markId }) => {
      await store.removeMark(markId);
      return {};
    },
    'marks.prefer': async ({ markId }) => {
      await store.preferMark(markId);
      return {};
    },
  };
}
