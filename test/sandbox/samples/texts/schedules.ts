/** Papers made of tables and pictures: works on a building, a museum's inventory, a handover with photographs, an application to fill in. */
import type { Block } from '../layout.ts';
import type { Random } from '../random.ts';

/** Four sheets; each begins a page, because each is turned its own way. */
export const scheduleOfWorks: readonly Block[] = [
  { kind: 'title', text: 'Schedule of works', under: 'Old Granary, sheets 1 to 4' },
  {
    kind: 'paragraph',
    text: 'The sheets belong to the building contract. They were drawn for different plotters and are turned accordingly; on the screen every sheet stands upright. Measures are in metres unless stated otherwise, heights refer to the threshold of the south door.',
  },
  {
    kind: 'table',
    head: ['Lot', 'Work', 'Begins', 'Ends'],
    shares: [1, 6, 2, 2],
    rows: [
      ['1', 'Scaffolding, protection of the plaster floor', 'week 14', 'week 31'],
      ['2', 'Repair of roof timbers, north side', 'week 15', 'week 20'],
      ['3', 'Re-laying of pantiles on battens and felt', 'week 20', 'week 24'],
      ['4', 'Repointing in lime mortar, to a height of 4.20', 'week 18', 'week 27'],
      ['5', 'Windows: repair of eleven, renewal of three', 'week 22', 'week 29'],
    ],
  },
  {
    kind: 'signatures',
    parties: [
      { name: 'client', who: 'Client', role: 'for all sheets' },
      { name: 'architect', who: 'Architect', role: 'who drew them' },
    ],
  },
  { kind: 'page-break' },
  { kind: 'title', text: 'Sheet 2: roof timbers', under: 'turned by 90 degrees' },
  {
    kind: 'table',
    head: ['Truss', 'Member', 'Finding', 'Repair', 'Length'],
    shares: [1, 3, 5, 5, 1.4],
    rows: [
      ['N1', 'Foot of rafter', 'Rot to two thirds of the depth', 'Scarf joint, new oak', '1.40'],
      ['N2', 'Foot of rafter', 'Rot on the surface', 'Trimmed, treated', '0.30'],
      ['N3', 'Tie beam', 'Crack along the grain, 12 millimetres', 'Two steel straps, bolted', '2.10'],
      ['N4', 'Collar', 'Sound', 'None', '0.00'],
      ['N5', 'Wall plate', 'Beetle, no longer alive', 'Renewed', '3.65'],
      ['N6', 'Foot of rafter', 'Rot through the whole depth', 'Scarf joint, new oak', '1.85'],
    ],
  },
  {
    kind: 'paragraph',
    text: 'Timbers are numbered from the west gable. Every scarf joint is inspected before it is closed; photographs go into the building’s file. Old nails stay where they do no harm.',
  },
  {
    kind: 'signatures',
    parties: [{ name: 'carpenter', who: 'Master carpenter', role: 'sheet 2' }],
  },
  { kind: 'page-break' },
  { kind: 'title', text: 'Sheet 3: masonry', under: 'turned by 180 degrees' },
  {
    kind: 'paragraph',
    text: 'Joints are raked out by hand to a depth of 25 millimetres. Mortar is one part of lime putty to three parts of sharp sand with a tenth of brick dust; cement is not used anywhere on the old walls. Work stops below five degrees and is kept moist for seven days in dry weather.',
  },
  {
    kind: 'paragraph',
    text: 'Bricks that have lost more than a third of their face are replaced by bricks from the demolished shed, of which some four hundred lie sorted in the yard. The iron anchors are cleaned, given two coats of red lead substitute and one of black.',
  },
  {
    kind: 'signatures',
    parties: [{ name: 'mason', who: 'Master mason', role: 'sheet 3' }],
  },
  { kind: 'page-break' },
  { kind: 'title', text: 'Sheet 4: windows and doors', under: 'turned by 270 degrees' },
  {
    kind: 'table',
    head: ['No.', 'Place', 'Size', 'Work', 'Glass'],
    shares: [1, 4, 3, 6, 3],
    rows: [
      ['1–4', 'South wall, ground floor', '0.92 by 1.30', 'Repaired, draught strips let in', 'Old panes kept'],
      ['5–9', 'South wall, upper floor', '0.92 by 1.10', 'Repaired', 'Old panes kept'],
      ['10, 11', 'West gable', '0.60 by 0.60', 'Repaired, hung anew', 'Plain, 4 mm'],
      ['12–14', 'North wall', '0.92 by 1.30', 'Renewed in larch by the old profile', 'Double'],
      ['D1', 'South door', '1.80 by 2.40', 'New threshold of oak', 'None'],
    ],
  },
  {
    kind: 'signatures',
    parties: [{ name: 'joiner', who: 'Master joiner', role: 'sheet 4' }],
  },
];

const things = [
  'Anchor',
  'Barometer',
  'Binnacle',
  'Block and tackle',
  'Chart',
  'Compass',
  'Cork fender',
  'Half model',
  'Lantern',
  'Log line',
  'Net needle',
  'Oar',
  'Pilot’s cap',
  'Pulley',
  'Rope machine',
  'Sail maker’s palm',
  'Sextant',
  'Ship’s bell',
  'Signal flag',
  'Telescope',
] as const;
const stuffs = [
  'ash',
  'brass',
  'bronze',
  'canvas',
  'cork',
  'hemp',
  'iron',
  'leather',
  'oak',
  'paper',
  'pine',
  'wool',
] as const;
const origins = [
  'bequest',
  'found in the attic',
  'gift',
  'harbour office',
  'pilots’ station',
  'purchase',
  'shipyard',
  'unknown',
] as const;
const states = [
  'good',
  'good, dusty',
  'rust on the surface',
  'seam open',
  'needs care',
  'stable',
  'worm, treated',
] as const;

/** Rows enough to fill 300 pages. */
export function museumInventory(random: Random): readonly Block[] {
  const blocks: Block[] = [
    { kind: 'title', text: 'Inventory of the depot', under: 'Harbour Museum Foundation, taken by two persons' },
    {
      kind: 'paragraph',
      text: 'Every object was taken in hand, compared with the card, measured where the card gave no measure, and put back. What could not be found is not in this list. The first column is the number painted on the object or on its label.',
    },
    {
      kind: 'signatures',
      parties: [
        { name: 'keeper', who: 'Keeper of the depot', role: 'who took the inventory' },
        { name: 'director', who: 'Director', role: 'who accepts it' },
      ],
    },
  ];
  for (let room = 1; room <= 23; room += 1) {
    const rows: string[][] = [];
    for (let i = 0; i < 630; i += 1) {
      const number = `${random.below(80) + 1940}.${String(room).padStart(2, '0')}.${String(i + 1).padStart(3, '0')}`;
      const shelf = `${random.pick(['A', 'B', 'C', 'D', 'E'])}${1 + random.below(24)}`;
      const size = `${4 + random.below(180)} by ${3 + random.below(90)}`;
      rows.push([
        number,
        random.pick(things),
        random.pick(stuffs),
        size,
        random.pick(origins),
        random.pick(states),
        shelf,
      ]);
    }
    blocks.push({ kind: 'page-break' });
    blocks.push({ kind: 'heading', text: `Room ${room}` });
    blocks.push({
      kind: 'table',
      head: ['Number', 'Object', 'Material', 'Size, cm', 'From', 'Condition', 'Shelf'],
      shares: [3, 4, 2, 2.4, 3.6, 3.6, 1.2],
      rows,
    });
  }
  return blocks;
}

/** One page of text, then a picture on each page. */
export function handoverWithPhotographs(captions: readonly string[], height: number): readonly Block[] {
  return [
    { kind: 'title', text: 'Protocol of a handover', under: 'House by the lock, with photographs' },
    {
      kind: 'paragraph',
      text: 'The parties walked through the house together, from the cellar to the attic, between ten and half past eleven in the morning. It was dry, the heating was on, all lamps were lit. What is not mentioned was in order.',
    },
    {
      kind: 'table',
      head: ['Meter', 'Number', 'Reading'],
      shares: [3, 3, 2],
      rows: [
        ['Electricity', '1 EMH 00 7741 2093', '48 117.2 kWh'],
        ['Water, cold', '8 SEN 01 2266 9310', '611.093 m³'],
        ['Gas', '7 ELS 60 0415 5577', '20 934.41 m³'],
      ],
    },
    {
      kind: 'paragraph',
      text: 'Six keys to the house door, two to the cellar and one to the boat shed were counted and handed over. The scratch in the parquet of the front room and the stain on the ceiling of the bath are shown in the photographs; the seller has them repaired by the end of the month.',
    },
    {
      kind: 'signatures',
      parties: [
        { name: 'seller', who: 'Seller', role: 'who hands over' },
        { name: 'buyer', who: 'Buyer', role: 'who takes over' },
      ],
    },
    ...captions.flatMap((caption, i): Block[] => [
      { kind: 'page-break' },
      { kind: 'picture', resource: `Im${i + 1}`, height, caption: `Photograph ${i + 1}. ${caption}` },
    ]),
  ];
}

export const membershipApplication: readonly Block[] = [
  { kind: 'title', text: 'Application for membership', under: 'Riverside Rowing Club' },
  {
    kind: 'paragraph',
    text: 'I apply for membership from the first day of next month. I can swim, and I have read the club’s rules for going out on the river in winter and at high water.',
  },
  { kind: 'blank', name: 'full-name', label: 'Full name' },
  { kind: 'blank', name: 'born', label: 'Date of birth' },
  { kind: 'blank', name: 'address', label: 'Street and number' },
  { kind: 'blank', name: 'town', label: 'Postcode and town' },
  { kind: 'blank', name: 'telephone', label: 'Telephone' },
  { kind: 'blank', name: 'emergency', label: 'To be called in an emergency' },
  { kind: 'heading', text: 'What membership means' },
  {
    kind: 'paragraph',
    text: 'The subscription is due in January. Whoever joins in the second half of the year pays half. Membership ends by a letter or a message to the board with three months’ notice to the end of the year. Each member gives two Saturdays a year to the care of boats and grounds, or pays EUR 40 for each one missed.',
  },
  {
    kind: 'paragraph',
    text: 'The club keeps the data above to manage the membership and to inform the insurer, passes them on to nobody else but the national federation, and deletes them three years after the membership has ended.',
  },
  {
    kind: 'signatures',
    parties: [
      { name: 'applicant', who: 'Applicant', role: 'or legal guardian' },
      { name: 'board', who: 'For the board', role: 'who admits the applicant' },
    ],
  },
];
