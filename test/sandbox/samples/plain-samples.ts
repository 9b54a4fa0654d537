/** Samples that differ in how the file is put together. */
import { PDFDocument } from 'pdf-lib';
import { type Assembled, addPage, morePages } from './assemble.ts';
import { embeddedFaces } from './faces.ts';
import { layOut } from './layout.ts';
import { classicSample, type Manuscript, setManuscript, toSample } from './manuscript.ts';
import { appendUpdate, createObjects, type ObjectBook, writeClassic, writeHybrid } from './pdf-objects.ts';
import { paintPicture } from './pictures.ts';
import type { Layout, Place } from './press.ts';
import { seededRandom } from './random.ts';
import type { Sample } from './sample.ts';
import { employmentContract, loanAgreement, minutesCorrection, minutesOfMeeting } from './texts/agreements.ts';
import { consentToTreatment, powerOfAttorney } from './texts/consent.ts';
import { deedOfGift } from './texts/deed-of-gift.ts';
import { lease } from './texts/lease.ts';
import { handoverWithPhotographs, membershipApplication, museumInventory, scheduleOfWorks } from './texts/schedules.ts';
import { serviceContract, serviceContractTitle } from './texts/service-contract.ts';

const deed = (): Sample =>
  classicSample({
    name: 'classic-xref',
    title: 'Deed of gift “Harbour in the Morning”',
    author: 'Harbour Museum Foundation',
    blocks: deedOfGift,
    traits: ['xref-table'],
  });

/** What pdf-lib writes by default: cross-reference stream and object streams. */
async function leaseContract(): Promise<Sample> {
  const manuscript: Manuscript = {
    name: 'object-streams',
    title: 'Residential lease, Flat 9',
    author: 'Orchard Street Homes',
    blocks: lease,
    traits: ['xref-stream', 'object-streams'],
  };
  const plain = classicSample(manuscript);
  const document = await PDFDocument.load(plain.bytes, { updateMetadata: false });
  return { ...plain, bytes: await document.save() };
}

const turns = [0, 90, 180, 270] as const;

const works = (): Sample =>
  classicSample(
    {
      name: 'rotated-pages',
      title: 'Schedule of works, Old Granary',
      author: 'Building office',
      blocks: scheduleOfWorks,
      traits: ['xref-table', 'rotated'],
    },
    {
      pageSize: (index) => (index % 2 === 1 ? { width: 842, height: 595 } : { width: 595, height: 842 }),
      geometry: (index) => ({ rotate: turns[index % 4] ?? 0, media: [0, 0, 595, 842] }),
    },
  );

/** Crop marks and a colour bar that only a printer sees. */
const printersMarks =
  '0.3 w 0 G -30 18 m -6 18 l S -30 860 m -6 860 l S 613 18 m 631 18 l S 613 860 m 631 860 l S\n' +
  '1 0 0 rg 40 -40 30 14 re f 0 1 0 rg 72 -40 30 14 re f 0 0 1 rg 104 -40 30 14 re f 0 g\n';

const consent = (): Sample =>
  classicSample(
    {
      name: 'crop-box',
      title: 'Consent to an operation',
      author: 'Riverbank Clinic',
      blocks: consentToTreatment,
      traits: ['xref-table', 'cropped'],
    },
    {
      geometry: () => ({
        rotate: 0,
        media: [-40, -60, 675, 962],
        crop: [12, 18, 595, 842],
        under: printersMarks,
      }),
    },
  );

function fieldRectangle(place: Place): readonly number[] {
  const x = (place.positionX / 100) * 595;
  const top = 842 - (place.positionY / 100) * 842;
  const width = (place.width / 100) * 595;
  const height = (place.height / 100) * 842;
  return [x, top - height, x + width, top].map((value) => Math.round(value * 100) / 100);
}

/** An AcroForm with one empty signature field, `Principal.Signature`, its widget where the principal signs. */
function signatureField(objects: ObjectBook, layout: Layout, pages: readonly number[]): string {
  const place = layout.places.principal;
  const page = place && pages[place.page - 1];
  if (!place || page === undefined) throw new Error('the power of attorney has nowhere to sign');
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = fieldRectangle(place);
  const [width, height] = [x2 - x1, y2 - y1].map((value) => Math.round(value * 100) / 100);
  const look = objects.stream(
    `/Type /XObject /Subtype /Form /BBox [0 0 ${width} ${height}]`,
    `1 0.97 0.85 rg 0.8 0.6 0.1 RG 1 w 0.5 0.5 ${(width ?? 1) - 1} ${(height ?? 1) - 1} re B`,
  );
  const parent = objects.reserve();
  const widget = objects.add(
    `<< /Type /Annot /Subtype /Widget /Parent ${parent} 0 R /T (Signature) /F 4 /P ${page} 0 R ` +
      `/Rect [${x1} ${y1} ${x2} ${y2}] /AP << /N ${look} 0 R >> >>`,
  );
  objects.set(parent, `<< /FT /Sig /T (Principal) /Kids [${widget} 0 R] >>`);
  const body = Buffer.from(objects.entries().get(page) ?? []).toString('latin1');
  objects.set(page, body.replace(/ >>$/, ` /Annots [${widget} 0 R] >>`));
  return ` /AcroForm << /Fields [${parent} 0 R] >>`;
}

const attorney = (): Sample =>
  classicSample(
    {
      name: 'empty-field',
      title: 'Power of attorney, berth 18',
      author: 'Notary at the Old Basin',
      blocks: powerOfAttorney,
      traits: ['xref-table', 'signature-field'],
    },
    { catalog: signatureField },
  );

/** The loan agreement before anybody has signed it. */
export const unsignedLoan = (): Sample =>
  classicSample({
    name: 'signed-by-other',
    title: 'Loan agreement, planing machine',
    author: 'Guild credit union',
    blocks: loanAgreement,
    traits: ['xref-table'],
  });

const inventory = (): Sample =>
  classicSample({
    name: 'three-hundred-pages',
    title: 'Inventory of the depot',
    author: 'Harbour Museum Foundation',
    blocks: museumInventory(seededRandom(300)),
    traits: ['xref-table', 'many-pages', 'page-tree'],
  });

const pictureSize = { width: 1600, height: 1100 };

const handover = (): Sample => {
  const captions = ['The house from the water', 'Front room and porch', 'The boat shed', 'The gate to the lock'];
  return classicSample(
    {
      name: 'twenty-megabytes',
      title: 'Protocol of a handover, House by the lock',
      author: 'Lockside Estates',
      blocks: handoverWithPhotographs(captions, 310),
      traits: ['xref-table', 'large', 'images'],
    },
    {
      pictures: (objects) =>
        Object.fromEntries(
          captions.map((_, i) => {
            const { width, height, pixels } = paintPicture(20 + i, pictureSize.width, pictureSize.height);
            const kind = '/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8';
            return [`Im${i + 1}`, objects.stream(`${kind} /Width ${width} /Height ${height}`, pixels, false)];
          }),
        ),
    },
  );
};

const application = (): Sample =>
  classicSample({
    name: 'text-forms',
    title: 'Application for membership',
    author: 'Riverside Rowing Club',
    blocks: membershipApplication,
    traits: ['xref-table', 'blanks'],
  });

/** Minutes, and behind them an update that adds a page with a correction. */
function correctedMinutes(): Sample {
  const manuscript: Manuscript = {
    name: 'incremental-update',
    title: 'Minutes of the general meeting',
    author: 'Riverside Rowing Club',
    blocks: minutesOfMeeting,
    traits: ['xref-table', 'incremental'],
  };
  const { layout, objects, assembled, faces } = setManuscript(manuscript);
  const base = writeClassic(objects, assembled.trailer);
  const correction = layOut(minutesCorrection, { faces, running: `${manuscript.author} · Correction` });
  const update = updateWith(assembled, correction, objects.size());
  const bytes = appendUpdate(base, update, assembled.trailer, 1);
  return toSample(manuscript, { ...layout, pages: [...layout.pages, ...correction.pages] }, bytes);
}

function updateWith(assembled: Assembled, layout: Layout, first: number): ObjectBook {
  const update = createObjects(first);
  const { pagesRoot: parent, resources } = assembled;
  const added = layout.pages.map((page) => addPage(update, page, { parent, resources }));
  update.set(parent, morePages(assembled, added));
  return update;
}

/** The outline lies where only newer readers look; the table alone still opens the file. */
function employment(): Sample {
  const manuscript: Manuscript = {
    name: 'hybrid-xref',
    title: 'Contract of employment, conservator',
    author: 'County Archive',
    blocks: employmentContract,
    traits: ['xref-table', 'xref-stream', 'object-streams', 'hybrid'],
  };
  const hidden = new Set<number>();
  const outline = (objects: ObjectBook, _: Layout, pages: readonly number[]) => {
    const outlines = objects.reserve();
    const item = objects.add(`<< /Title (Contract) /Parent ${outlines} 0 R /Dest [${pages[0]} 0 R /Fit] >>`);
    objects.set(outlines, `<< /Type /Outlines /First ${item} 0 R /Last ${item} 0 R /Count 1 >>`);
    hidden.add(outlines).add(item);
    return ` /Outlines ${outlines} 0 R /PageMode /UseOutlines`;
  };
  const { layout, objects, assembled } = setManuscript(manuscript, { catalog: outline });
  return toSample(manuscript, layout, writeHybrid(objects, assembled.trailer, hidden));
}

const translation = async (): Promise<Sample> =>
  classicSample(
    {
      name: 'non-latin',
      title: serviceContractTitle,
      author: 'Портовий архів',
      blocks: serviceContract,
      traits: ['xref-table', 'embedded-font'],
    },
    { faces: await embeddedFaces() },
  );

/** All samples but the one that somebody has signed. */
export async function makePlainSamples(): Promise<Sample[]> {
  return [
    deed(),
    await leaseContract(),
    works(),
    consent(),
    attorney(),
    inventory(),
    handover(),
    application(),
    correctedMinutes(),
    employment(),
    await translation(),
  ];
}
