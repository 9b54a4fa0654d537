/** A deed of gift, three pages. */
import type { Block } from '../layout.ts';

export const deedOfGift: readonly Block[] = [
  { kind: 'title', text: 'Deed of gift', under: 'of the painting “Harbour in the Morning”' },
  {
    kind: 'paragraph',
    text: 'Made on the date of the last signature below between Elza Ozola, of 14 Lime Street, Cesis (the “Donor”), and the Harbour Museum Foundation, a registered foundation with its seat at 2 Quay Road (the “Museum”), represented by its director.',
  },
  { kind: 'heading', text: 'Why this deed is made' },
  {
    kind: 'paragraph',
    text: 'The Donor’s grandfather, the harbour pilot Karl Ozols, bought the painting from the artist in the winter of 1931 and hung it in the pilots’ station, where it stayed until the station was closed. Since then it has been in the family’s flat, where few people have seen it. The Donor wishes it to hang where the public can look at it, near the place that it shows.',
  },
  {
    kind: 'paragraph',
    text: 'The Museum collects works that show the port, the people who worked in it and the ships that called there. Its acquisitions committee examined the painting on two visits, found it to be the work of the artist named in the schedule, and resolved without a dissenting voice to accept it on the terms that follow.',
  },
  { kind: 'heading', text: 'What is given, and how' },
  {
    kind: 'clause',
    number: '1.',
    text: 'The Donor gives the painting described in the schedule, with its frame and the papers that go with it, to the Museum, free of any charge or claim, and the Museum accepts the gift. No price, service or advantage of any kind is owed in return.',
  },
  {
    kind: 'clause',
    number: '2.',
    text: 'Ownership passes when the painting is handed over at the Museum’s loading door against a written receipt. The Museum sends a carrier experienced in moving works of art, at its own cost, and insures the painting from the moment it leaves the Donor’s wall for the sum stated in the schedule.',
  },
  {
    kind: 'clause',
    number: '3.',
    text: 'The Donor declares that she is the sole owner, that the painting is neither pledged nor lent, that no other person has a right of first refusal, and that to her knowledge it was never taken from anyone against their will. She hands over what she has in letters, receipts and photographs that bear on its history.',
  },
  {
    kind: 'clause',
    number: '4.',
    text: 'Copyright does not pass by this deed. So far as the Donor holds rights of reproduction she allows the Museum to photograph the painting and to use the photographs in its catalogues, on its website and in teaching, without limit of time and without payment.',
  },
  { kind: 'heading', text: 'How the painting will be kept' },
  {
    kind: 'clause',
    number: '5.',
    text: 'The Museum will show the painting in its permanent exhibition for at least nine months of every year for the first ten years. It may take the painting down for cleaning, for study, or while the rooms are being rebuilt, and it may lend it to other museums that keep the same conditions of light, climate and safety.',
  },
  {
    kind: 'clause',
    number: '6.',
    text: 'The label beside the painting names the artist, the title and the year, and adds the words “Given by Elza Ozola in memory of Karl Ozols, harbour pilot”. The same words are used in every catalogue in which the painting is reproduced on a page of its own.',
  },
  {
    kind: 'clause',
    number: '7.',
    text: 'The painting may not be sold. Should the Museum be dissolved, or should it no longer be able to keep the painting safely, the painting goes to another public collection in the country that undertakes to keep clauses 5 and 6. The choice lies with the Museum’s board, after it has heard the Donor or, after her death, her children.',
  },
  {
    kind: 'clause',
    number: '8.',
    text: 'Restoration is done by a trained conservator only, is recorded in writing and in photographs, and keeps to what is needed to preserve the painting. The repair made in 1958 at the lower left, which belongs to the painting’s history, is not to be removed without the Donor’s consent during her lifetime.',
  },
  {
    kind: 'clause',
    number: '9.',
    text: 'The Donor and up to four persons who come with her may visit the painting whenever the Museum is open, without paying for admission. With two weeks’ notice the Museum shows it to her and her guests while it is not on exhibition.',
  },
  { kind: 'heading', text: 'Closing provisions' },
  {
    kind: 'clause',
    number: '10.',
    text: 'Changes to this deed need the written form and the signatures of both parties. If one of its provisions turns out to be void, the others stay in force, and the void one is replaced by what comes nearest to the parties’ purpose.',
  },
  {
    kind: 'clause',
    number: '11.',
    text: 'This deed is signed electronically. Each party keeps the signed file; the file and not a print of it is the original. The law of the place where the Museum has its seat applies, and its courts decide.',
  },
  {
    kind: 'signatures',
    parties: [
      { name: 'donor', who: 'Elza Ozola', role: 'Donor' },
      { name: 'museum', who: 'Harbour Museum Foundation', role: 'Director' },
      { name: 'witness', who: 'Witness', role: 'present at the signing' },
    ],
  },
  { kind: 'page-break' },
  { kind: 'title', text: 'Schedule', under: 'The painting and what goes with it' },
  {
    kind: 'table',
    head: ['Particular', 'Description'],
    shares: [2, 5],
    rows: [
      ['Title', 'Harbour in the Morning'],
      ['Year', '1930, signed and dated at the lower right'],
      ['Technique', 'Oil on linen canvas, on its first stretcher'],
      ['Size', '74 by 98 centimetres; with the frame 91 by 115 centimetres'],
      ['Frame', 'Pine, gilded, made for the painting; two corners mended'],
      ['Condition', 'Good; fine cracks in the sky; repair of 1958, 4 by 6 centimetres, at the lower left'],
      ['On the back', 'Label of the pilots’ station; inventory number 112 in blue chalk'],
      ['Papers', 'The artist’s receipt of 9 February 1931; three letters; four photographs'],
      ['Insured sum', 'EUR 48 000'],
    ],
  },
];
