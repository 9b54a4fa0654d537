/** A patient's consent, and a power of attorney: one to two pages each. */
import type { Block } from '../layout.ts';

export const consentToTreatment: readonly Block[] = [
  { kind: 'title', text: 'Consent to an operation', under: 'Keyhole surgery of the knee (arthroscopy)' },
  {
    kind: 'paragraph',
    text: 'Please read these pages at home and note what you would like to ask. You decide freely; you may change your mind at any time until the operation begins, and your treatment with us will not suffer from it.',
  },
  { kind: 'heading', text: 'What will be done' },
  {
    kind: 'paragraph',
    text: 'Through two or three cuts of about one centimetre a camera and fine instruments are passed into the joint, which is filled with a salt solution. The surgeon looks at the cartilage, the ligaments and the menisci, smooths what is frayed, removes loose pieces and stitches a torn meniscus where its blood supply lets it heal. The operation takes between thirty and seventy minutes.',
  },
  {
    kind: 'paragraph',
    text: 'Only when the joint can be seen is it certain what needs to be done. You agree that the surgeon goes on with what is medically called for by what is found, within the limits that you and the surgeon have written down below. A second operation may thereby be avoided.',
  },
  { kind: 'heading', text: 'What can go wrong' },
  {
    kind: 'paragraph',
    text: 'Swelling, bruising and pain for some days are usual. In about one case in a hundred fluid has to be drawn off again. Infections of the joint are rare, in fewer than three cases in a thousand, but serious: they may need further operations and antibiotics for weeks. Injury to nerves of the skin can leave a numb patch beside a scar. Blood clots in the leg are seldom after this operation; you will be given injections against them where your risk is raised.',
  },
  {
    kind: 'paragraph',
    text: 'Stiffness, continued pain, and wear that goes on in spite of the operation cannot be ruled out. Tell us at once of fever, of a calf that hurts or of a knee that grows hot and red, by day or by night, at the number on your discharge letter.',
  },
  { kind: 'heading', text: 'What else could be done' },
  {
    kind: 'paragraph',
    text: 'Exercises under guidance for three months help many people with a worn meniscus as well as the operation does. Tablets and injections ease pain for a time. Waiting is possible where the knee does not lock. We have talked with you about these ways.',
  },
  { kind: 'heading', text: 'Before and after' },
  {
    kind: 'paragraph',
    text: 'Do not eat for six hours and do not drink for two hours before the anaesthetic. Name all medicines that you take, above all those that thin the blood. You may go home in the evening with somebody who stays with you overnight. You may not drive for as long as you need crutches, and not at all in the first twenty-four hours.',
  },
  {
    kind: 'paragraph',
    text: 'What is found is kept in your record for thirty years. Pictures taken inside the joint belong to it. They are used in teaching only where you have agreed to that on a sheet of its own, and without your name.',
  },
  { kind: 'heading', text: 'Declaration' },
  {
    kind: 'paragraph',
    text: 'I have been told about the operation, its risks and the other possibilities in words that I understood. My questions have been answered. I had time to think. I consent to the operation described above, to the anaesthetic discussed with the anaesthetist, and to what must be done in an emergency.',
  },
  {
    kind: 'signatures',
    parties: [
      { name: 'patient', who: 'Patient', role: 'or legal guardian' },
      { name: 'surgeon', who: 'Surgeon', role: 'who informed the patient' },
    ],
  },
];

export const powerOfAttorney: readonly Block[] = [
  { kind: 'title', text: 'Power of attorney', under: 'for the sale of a boathouse' },
  {
    kind: 'paragraph',
    text: 'The undersigned (the “Principal”) is owner of the boathouse at berth 18 of the Old Basin with the right to use the water in front of it. The Principal appoints the attorney named below to sell it and to do in the Principal’s name whatever the sale requires.',
  },
  { kind: 'heading', text: 'What the attorney may do' },
  {
    kind: 'clause',
    number: '1.',
    text: 'To offer the boathouse for sale, to show it, to answer questions about it truthfully, and to sell it for not less than EUR 36 000, payable in full before the keys are handed over. A lower price needs the Principal’s consent, given for the single case and in writing.',
  },
  {
    kind: 'clause',
    number: '2.',
    text: 'To sign the contract of sale before a notary, to declare the transfer of ownership, and to apply for every entry in and deletion from the land and berth registers that belongs to it.',
  },
  {
    kind: 'clause',
    number: '3.',
    text: 'To receive the price into the notary’s account only. The attorney may not take money in cash nor have it paid into an account of the attorney’s own.',
  },
  {
    kind: 'clause',
    number: '4.',
    text: 'To speak for the Principal before the harbour office, the tax office and the insurers, to receive their letters, and to end the contracts for electricity and water.',
  },
  { kind: 'heading', text: 'Where the power ends' },
  {
    kind: 'clause',
    number: '5.',
    text: 'The attorney may not buy the boathouse, nor sell it to a spouse, a child or a company in which the attorney has a share. The attorney may not hand this power on to another person, except to a lawyer for single steps before a court.',
  },
  {
    kind: 'clause',
    number: '6.',
    text: 'The power lasts for one year from the day of the signature. The Principal may revoke it at any time, without giving reasons, by a message that reaches the attorney. After revocation the attorney gives back every copy and tells the notary.',
  },
  {
    kind: 'clause',
    number: '7.',
    text: 'The attorney gives an account of everything done within a month after the sale. Costs that were needed are refunded against receipts; a fee is not owed.',
  },
  {
    kind: 'signatures',
    parties: [{ name: 'principal', who: 'Principal', role: 'owner of berth 18' }],
  },
];
