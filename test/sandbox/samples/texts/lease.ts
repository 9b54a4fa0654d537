/** A lease of a flat, three to four pages. */
import type { Block } from '../layout.ts';

export const lease: readonly Block[] = [
  { kind: 'title', text: 'Residential lease', under: 'Flat 9, 31 Orchard Street' },
  {
    kind: 'table',
    head: ['In short', ''],
    shares: [2, 5],
    rows: [
      ['Landlord', 'Orchard Street Homes, a housing association'],
      ['Tenant', 'the person named in the signature field'],
      ['Rooms', 'three rooms, kitchen, bath, cellar compartment 9; 71 square metres'],
      ['Begins', 'on the first day of the month after the last signature'],
      ['Rent', 'EUR 740 a month, and EUR 115 in advance for heating and running costs'],
      ['Deposit', 'EUR 1 480'],
    ],
  },
  {
    kind: 'clause',
    number: '1.',
    text: 'The landlord lets the flat to the tenant to live in, together with the persons named to the landlord in writing. A home office without visitors or employees is part of living. Any other trade needs the landlord’s consent, which may be refused only for reasons that lie in the house or in its other residents.',
  },
  {
    kind: 'clause',
    number: '2.',
    text: 'The lease runs for an indefinite time. The tenant may end it at the end of any month with three months’ notice. The landlord may end it only for the reasons the law allows, and the notice grows with the time the tenant has lived in the flat, up to nine months.',
  },
  {
    kind: 'clause',
    number: '3.',
    text: 'The rent and the advance are due on the third working day of each month. Once a year, by the end of June, the landlord gives an account of heating and running costs for the year before. What was paid too much is returned within a month; what is missing is paid within a month after the account was received and could be checked.',
  },
  {
    kind: 'clause',
    number: '4.',
    text: 'The rent may be raised once in twelve months, in step with the consumer price index, by a written notice that shows the sum. It may be raised after improvements by eight in a hundred of their cost a year, but not within the first two years and never by more than two euros for each square metre.',
  },
  {
    kind: 'clause',
    number: '5.',
    text: 'The deposit may be paid in three equal parts, the first at the beginning of the lease. The landlord keeps it apart from its own money, at interest. It is returned within three months after the keys have been given back, less what the tenant owes by then.',
  },
  {
    kind: 'clause',
    number: '6.',
    text: 'The flat is handed over as the protocol of the handover describes it. The landlord keeps the house, the pipes, the windows, the heating and the appliances that belong to the flat in good order. The tenant reports what is broken without delay and lets workmen in after notice of at least two days, at once where danger threatens.',
  },
  {
    kind: 'clause',
    number: '7.',
    text: 'Small repairs to parts that the tenant handles every day, such as taps, switches and shutters, are borne by the tenant up to EUR 80 in a single case and EUR 300 in a year. Painting and papering are the tenant’s affair during the lease; nothing has to be painted at its end that is not worn more than its age explains.',
  },
  {
    kind: 'clause',
    number: '8.',
    text: 'Small animals may be kept without asking. Dogs and cats need the landlord’s consent, which is given unless another resident would suffer. Musical instruments may be played for two hours a day outside the quiet times from one to three in the afternoon and after nine in the evening.',
  },
  {
    kind: 'clause',
    number: '9.',
    text: 'The tenant may let a room to another person for a time if there is a good reason for it that arose after the lease began. The landlord is told the person’s name beforehand. The whole flat may be let to others only with consent, and never to holiday guests.',
  },
  {
    kind: 'clause',
    number: '10.',
    text: 'The tenant may fix shelves, lamps and blinds, and may have a faster network line or a charging point installed at their own cost by a trade firm. What would change walls, pipes or the look of the house from outside needs the landlord’s written consent and may have to be taken away at the end.',
  },
  {
    kind: 'clause',
    number: '11.',
    text: 'The landlord may enter the flat for a good reason, after an appointment, at a time that suits a working person. After notice has been given, the flat may be shown to those who might follow on two afternoons a week, together not longer than three hours.',
  },
  {
    kind: 'clause',
    number: '12.',
    text: 'At the end the flat is given back empty and swept, with all keys. Both parties walk through the rooms and write down what they see. Whatever was then in order and was not written down is taken to have been given back in order.',
  },
  {
    kind: 'clause',
    number: '13.',
    text: 'The rules of the house in the annex are part of this lease. The landlord may change them where the living together in the house requires it; changes that lay new burdens on the tenant need the tenant’s agreement.',
  },
  {
    kind: 'signatures',
    parties: [
      { name: 'landlord', who: 'Orchard Street Homes', role: 'Landlord' },
      { name: 'tenant', who: 'Tenant', role: 'who has read the rules of the house' },
    ],
  },
  { kind: 'page-break' },
  { kind: 'title', text: 'Annex', under: 'Rules of the house' },
  {
    kind: 'clause',
    number: 'a)',
    text: 'Stairs and corridors are ways of escape. Shoes, bicycles and boxes have no place in them; prams may stand on the ground floor beside the cellar door.',
  },
  {
    kind: 'clause',
    number: 'b)',
    text: 'The house door is closed, but never locked, at night. Cellar and attic doors are locked by whoever was there last.',
  },
  {
    kind: 'clause',
    number: 'c)',
    text: 'The washing machine in the cellar is used by the list beside it, from seven in the morning to nine in the evening. Filters are cleaned after use.',
  },
  {
    kind: 'clause',
    number: 'd)',
    text: 'Waste is sorted. What is too large for the bins is taken away four times a year; the dates hang in the entrance, and nothing is put out before the evening of the day before.',
  },
  {
    kind: 'clause',
    number: 'e)',
    text: 'The garden is there for everybody until ten in the evening. Who lights a fire in the bowl stays beside it until it is out.',
  },
];
