/** A loan, an employment contract and the minutes of a meeting: two to three pages each. */
import type { Block } from '../layout.ts';

export const loanAgreement: readonly Block[] = [
  { kind: 'title', text: 'Loan agreement', under: 'between a lender and a craftsman’s workshop' },
  {
    kind: 'clause',
    number: '1.',
    text: 'The lender lends the borrower EUR 22 000 to buy a second-hand planing machine and to have the workshop’s floor strengthened for it. The borrower may use the money for nothing else and shows the invoices when asked.',
  },
  {
    kind: 'clause',
    number: '2.',
    text: 'The sum is paid into the borrower’s business account within five working days after both have signed. Until it has arrived the borrower may withdraw without giving reasons and owes nothing.',
  },
  {
    kind: 'clause',
    number: '3.',
    text: 'Interest is four in a hundred a year on what is still owed, reckoned by the day. The first instalment is due at the end of the third month after payment; from then on sixty equal monthly instalments of EUR 405.16 cover interest and repayment together.',
  },
  {
    kind: 'clause',
    number: '4.',
    text: 'The borrower may pay back more, or everything, at any time. No compensation is owed for it; the instalments that follow become fewer, not smaller, unless the borrower wishes it otherwise.',
  },
  {
    kind: 'clause',
    number: '5.',
    text: 'The machine serves as security. It becomes the lender’s property and stays in the borrower’s hands, who keeps it in good order, insures it against fire and theft, and may not sell it. With the last instalment it falls back to the borrower without a further declaration.',
  },
  {
    kind: 'clause',
    number: '6.',
    text: 'The lender may demand the whole sum at once where two instalments in a row stay unpaid in spite of a reminder with two weeks’ time, where the machine is sold or left uninsured, or where insolvency proceedings are opened over the borrower’s property.',
  },
  {
    kind: 'clause',
    number: '7.',
    text: 'In the case of illness of more than six weeks the borrower may ask for up to six instalments to be put off. Interest runs on; the end of the loan moves by as many months. The lender agrees unless the loan would then not be paid back at all.',
  },
  {
    kind: 'clause',
    number: '8.',
    text: 'Each year in January the lender sends a statement of what was paid and what is still owed. It counts as right unless the borrower objects within three months.',
  },
  {
    kind: 'signatures',
    parties: [
      { name: 'lender', who: 'Lender', role: 'who signs first' },
      { name: 'borrower', who: 'Borrower', role: 'for the workshop' },
    ],
  },
];

export const employmentContract: readonly Block[] = [
  { kind: 'title', text: 'Contract of employment', under: 'Conservator, part time' },
  {
    kind: 'clause',
    number: '1.',
    text: 'The employee works as a conservator of paper and parchment in the employer’s archive from the first of next month. The work comprises the examination, cleaning and repair of archive material, advice on storage, and the supervision of one trainee. The employer may give other work that fits training and experience.',
  },
  {
    kind: 'clause',
    number: '2.',
    text: 'The first six months are a time of trial in which either side may end the contract with two weeks’ notice. After that the notice is six weeks to the end of a quarter, and for the employer whatever longer notice the law prescribes.',
  },
  {
    kind: 'clause',
    number: '3.',
    text: 'Twenty-eight hours a week are spread over four days. The employee chooses when to begin between seven and half past nine. Hours beyond that are worked only when they were asked for, and are given back as free time within three months or else paid.',
  },
  {
    kind: 'clause',
    number: '4.',
    text: 'The pay is EUR 2 640 a month before tax, due on the last working day. It follows the tables of the collective agreement for public archives, group 9, step 3, and rises with them. A thirteenth payment of half a month’s pay is made in November.',
  },
  {
    kind: 'clause',
    number: '5.',
    text: 'The employee has twenty-four days of leave in a year at four working days a week. Up to six of them may be carried into the next year until the end of May. Five days a year are free for further training, with pay; the employer bears course fees agreed beforehand.',
  },
  {
    kind: 'clause',
    number: '6.',
    text: 'Illness is reported on the first day before the usual beginning of work. From the fourth day a doctor’s certificate is needed. Pay goes on for six weeks.',
  },
  {
    kind: 'clause',
    number: '7.',
    text: 'What the employee learns of persons from closed files stays secret, also after the end of the contract. Photographs of archive material are taken with the employer’s equipment only. Articles and talks about the work are welcome; the employer sees them two weeks before.',
  },
  {
    kind: 'clause',
    number: '8.',
    text: 'Solvents and moulds are handled by the safety instructions in the workshop. The employer provides extraction, gloves, masks and a yearly medical examination. Nobody has to work with a substance whose data sheet is not in the folder.',
  },
  {
    kind: 'clause',
    number: '9.',
    text: 'Other paid work is reported beforehand and may be forbidden only where it competes with the archive or costs the employee the strength for this work. Restoring for private collectors is allowed outside the archive’s rooms.',
  },
  {
    kind: 'clause',
    number: '10.',
    text: 'The employee receives the tools listed in the annex and gives them back at the end. Claims from this contract lapse unless raised in writing within six months; claims to the minimum wage and from intent do not.',
  },
  {
    kind: 'signatures',
    parties: [
      { name: 'employer', who: 'County Archive', role: 'Employer' },
      { name: 'employee', who: 'Employee', role: 'Conservator' },
    ],
  },
];

export const minutesOfMeeting: readonly Block[] = [
  { kind: 'title', text: 'Minutes', under: 'of the general meeting of the Riverside Rowing Club' },
  {
    kind: 'paragraph',
    text: 'Present were 64 of 118 members with a vote, as the list of attendance shows. The chair opened the meeting at half past six, found that it had been called in due form four weeks before, and had the agenda approved without changes. The minutes were taken by the secretary.',
  },
  { kind: 'heading', text: '1. Reports' },
  {
    kind: 'paragraph',
    text: 'The chair reported on the season: eleven regattas, four wins, no accident. The boat warden reported that the four-oared boat “Heron” had been repaired after the flood and that the slipway needed new rollers. The treasurer presented the accounts, which close with a surplus of EUR 2 316.40. The auditors had examined vouchers on two evenings and had found nothing to object to.',
  },
  { kind: 'heading', text: '2. Discharge of the board' },
  {
    kind: 'paragraph',
    text: 'On the auditors’ motion the meeting discharged the board for the past year with 57 votes in favour and the board members’ abstentions.',
  },
  { kind: 'heading', text: '3. Subscriptions' },
  {
    kind: 'paragraph',
    text: 'The board proposed to raise the yearly subscription from EUR 180 to EUR 195 and to leave that for pupils and apprentices at EUR 60. After a discussion in which the cost of winter storage played the greatest part the proposal was carried with 49 votes against 11, with 4 abstentions.',
  },
  { kind: 'heading', text: '4. A new training boat' },
  {
    kind: 'paragraph',
    text: 'The meeting empowered the board to order a double scull for beginners at a price of up to EUR 9 800, delivered, and to apply for the county’s grant before it places the order. The old training boat is to be offered to the school at the lock for a token sum.',
  },
  { kind: 'heading', text: '5. Elections' },
  {
    kind: 'table',
    head: ['Office', 'Elected', 'Votes', 'Against', 'Abstentions'],
    shares: [3, 4, 1.2, 1.2, 1.6],
    rows: [
      ['Chair', 'Ingrid Halle', '60', '1', '3'],
      ['Deputy', 'Tomasz Wrona', '55', '4', '5'],
      ['Treasurer', 'Leena Koppel', '63', '0', '1'],
      ['Boat warden', 'Andris Vanags', '58', '2', '4'],
      ['Auditors', 'Ruth Ames, Piet Claes', '61', '0', '3'],
    ],
  },
  {
    kind: 'paragraph',
    text: 'All those elected accepted. The chair thanked those who left the board and closed the meeting at twenty past eight.',
  },
  {
    kind: 'signatures',
    parties: [
      { name: 'chair', who: 'Ingrid Halle', role: 'Chair' },
      { name: 'secretary', who: 'Secretary', role: 'who took the minutes' },
    ],
  },
];

/** What the second revision of the minutes adds. */
export const minutesCorrection: readonly Block[] = [
  { kind: 'title', text: 'Correction', under: 'to the minutes, agenda item 3' },
  {
    kind: 'paragraph',
    text: 'In the minutes sent round to the members the subscription for families was left out. The meeting resolved, together with the resolution under item 3 and by the same majority, that families pay EUR 310 a year from the next season on.',
  },
  {
    kind: 'paragraph',
    text: 'The board adopted this correction at its next sitting, after reading the tally sheets again. The minutes are otherwise unchanged.',
  },
];
