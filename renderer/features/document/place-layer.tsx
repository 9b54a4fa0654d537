/** A mark that the person places: over its page, and the button that puts it there or takes it away. */
import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { PercentBox, TransactionDocument } from '../../../preload/model.ts';
import { MyMark } from '../sign/my-mark.tsx';
import { requestKey } from '../sign/requests.ts';
import { freelyPlaced } from './marks.ts';
import type { PdfViewHandle } from './pdf-view.tsx';
import { firstPlace } from './place.ts';
import { PlaceEditor } from './place-editor.tsx';
import type { Placing } from './use-places.ts';
import type { Turn } from './zoom.ts';

interface Placed {
  readonly place: PercentBox | undefined;
  readonly onPlace: (box: PercentBox | undefined) => void;
}

export function PlaceLayer({ place, page, turn, onPlace }: Placed & { readonly page: number; readonly turn: Turn }) {
  if (place?.page !== page) return null;
  return (
    <PlaceEditor box={place} turn={turn} onChange={onPlace} onRemove={() => onPlace(undefined)}>
      <MyMark />
    </PlaceEditor>
  );
}

export function PlaceButton({ place, view, onPlace }: Placed & { readonly view: RefObject<PdfViewHandle | null> }) {
  const { t } = useTranslation();
  function turn() {
    if (place) return onPlace(undefined);
    const box = firstPlace(view.current?.page() ?? 1);
    onPlace(box);
    view.current?.goTo(box);
  }
  return (
    <Button variant="subtle" size="compact-xs" ml="auto" onClick={turn}>
      {t(place ? 'place.remove' : 'place.put')}
    </Button>
  );
}

/** Layer and button for a document's view where the sender leaves the place of my mark to me; nothing elsewhere. */
export function placedBy(
  transactionId: string,
  document: TransactionDocument,
  { places, place }: Placing,
  view: RefObject<PdfViewHandle | null>,
) {
  const free = freelyPlaced(document);
  if (!free) return {};
  const key = requestKey({ transactionId, documentId: document.id, signatureRequestId: free.id });
  const placed = { place: places.get(key), onPlace: (box: PercentBox | undefined) => place(key, box) };
  return {
    overlay: (page: number, turn: Turn) => <PlaceLayer {...placed} page={page} turn={turn} />,
    tools: <PlaceButton {...placed} view={view} />,
  };
}
