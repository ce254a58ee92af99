import type { Random } from './random.ts';

/** Title and text of each clause of a contract, and what its reader says before it reads it. */
export const CLAUSES: readonly (readonly [title: string, text: string, remark: string])[] = [
  ['Parties', 'Norrland Hosting AB, Luleå ("Supplier"), and the Buyer.', 'I begin with the parties.'],
  ['Definitions', '"Service" is each service of Annex A. "Day" is a working day in Luleå.', ''],
  ['Order of documents', 'In a conflict the Annexes come before the body.', 'Unusual terms can hide in definitions.'],
  ['Term', 'Three years from 1 July 2026.', 'Note: the annexes win over the body.'],
  ['Renewal', 'Renewed for a year unless ended nine months before.', ''],
  ['Trial period', 'None.', 'Nine months is long; usual are three.'],
  ['Services', 'The Supplier provides the Services of Annex A.', ''],
  ['Changes of Services', 'The Supplier may change a Service with 30 Days’ notice.', ''],
  ['Orders', 'Orders are binding when the Supplier confirms them.', 'A change is possible against our will.'],
  ['Prices', 'Annex B. Electricity is charged as it is used.', ''],
  ['Indexation', 'Each January by the Swedish CPI, at least 2 %, without a ceiling.', ''],
  ['Invoices', 'Monthly in advance, electronically.', 'A floor of 2 % and no ceiling: to be negotiated.'],
  ['Payment', '30 days. Interest on late payment is 8 %.', ''],
  ['Set-off', 'Excluded.', ''],
  ['Taxes', 'Prices are without VAT.', 'Without set-off, credits must be invoiced.'],
  ['Service levels', 'Annex A. Credits are the only remedy.', ''],
  ['Measurement', 'By the Supplier’s own monitoring.', 'Credits as the only remedy: a risk.'],
  ['Maintenance', 'Announced maintenance does not count, up to 16 hours a month.', ''],
  ['Support', 'Mondays to Fridays, 8 to 17, in English and Swedish.', '16 hours a month would hide an outage.'],
  ['Incidents', 'Reported within four hours after they were found.', ''],
  ['Escalation', 'Service manager, then head of operations.', ''],
  ['Reviews', 'Quarterly.', 'Next: security and data.'],
  ['Security', 'ISO 27001; the certificate covers the data centre in Boden only.', ''],
  ['Audit', 'Once a year, at the Buyer’s cost, with 60 Days’ notice.', 'Luleå is not covered by the certificate.'],
  ['Personal data', 'Annex C.', ''],
  ['Subprocessors', 'May be added; the Buyer may object within 10 days.', ''],
  ['Place of data', 'Sweden and Finland.', 'Ten days is short for an objection.'],
  ['Backups', 'Daily, kept for 14 days, restored on request for a fee.', ''],
  ['Deletion', '90 days after the end.', ''],
  ['Secrecy', 'Five years after the end.', 'Deletion after 90 days: ask for 30.'],
  ['Intellectual property', 'Each party keeps its own.', ''],
  ['Open-source software', 'Used as it is.', ''],
  ['Warranty', 'None beyond Annex A.', 'No warranty at all.'],
  ['Liability', 'Limited to the fees of three months.', ''],
  ['Exclusions', 'Lost profit and lost data.', 'Three months is low; usual are twelve.'],
  ['Indemnity', 'By the Buyer only.', 'Lost data excluded from a hosting contract!'],
  ['Insurance', 'The Supplier has 2 MEUR.', 'One-sided.'],
  ['Force majeure', 'Includes failures of subcontractors.', ''],
  ['Termination for cause', 'After 60 Days without a remedy.', 'Subcontractors are no force majeure.'],
  ['Termination for convenience', 'By the Supplier, with six months’ notice.', ''],
  ['Exit', 'Annex D.', 'Only the Supplier may leave.'],
  ['Assignment', 'By the Supplier freely.', ''],
  ['Notices', 'By registered letter.', ''],
  ['Severability', 'As usual.', ''],
  ['Law', 'Swedish law.', ''],
  ['Disputes', 'Arbitration in Stockholm, in Swedish.', 'Now the annexes.'],
];

const SERVICES = [
  'Object storage',
  'Block storage',
  'Virtual machines',
  'Managed Postgres',
  'Load balancer',
  'DNS',
  'Private network',
  'Message queue',
  'Backup vault',
  'Container registry',
  'Log archive',
  'Metrics',
];
const PLACES = ['Luleå 1', 'Luleå 2', 'Boden', 'Uleåborg'];
const SUBPROCESSORS = [
  'Kiruna Kraft AB',
  'Polarnät AB',
  'Suomi Cloud Oy',
  'Tornedalen Security AB',
  'Ofoten Fibre AS',
  'Bothnia Mail AB',
  'Sápmi Support AB',
  'Arktis Hardware Recycling AB',
];
const PURPOSES = [
  'operation of the hardware',
  'connection to the internet',
  'second site',
  'guarding of the buildings',
  'support at night',
  'sending of invoices',
];

interface Annex {
  readonly name: string;
  readonly remark: string;
  text(random: Random): string;
}

/** The long parts of the contract. */
export const ANNEXES: readonly Annex[] = [
  {
    name: 'Annex A',
    remark: 'Annex A decides about the service levels, and it wins over the body.',
    text: (random) =>
      [
        'Annex A – Services and service levels',
        ...SERVICES.flatMap((service, i) =>
          PLACES.map((place) => {
            const availability = (99 + random.between(0, 99) / 100).toFixed(2);
            return `A.${i + 1} ${service}, ${place}: available ${availability} % of a quarter; first answer within ${random.between(1, 8)} h, repaired within ${random.between(8, 72)} h; credit ${random.between(2, 10)} % of the fee for each started 0.1 %, at most ${random.between(15, 40)} %.`;
          }),
        ),
      ].join('\n'),
  },
  {
    name: 'Annex B',
    remark: 'The quarter as the period of measurement lets an outage of a day pass. Next the prices.',
    text: (random) =>
      [
        'Annex B – Prices (EUR a month, without VAT)',
        ...SERVICES.flatMap((service, i) => [
          `B.${i + 1} ${service}: base ${random.between(20, 900)}.00; each further unit ${(random.between(2, 400) / 100).toFixed(2)}; from the 50th unit on ${(random.between(1, 300) / 100).toFixed(2)}.`,
          `     Setup ${random.between(0, 12) * 50}.00 once; a change of size ${random.between(1, 9) * 10}.00; traffic to other networks ${(random.between(1, 9) / 1000).toFixed(3)} a GB after the first ${random.between(1, 20)} TB.`,
        ]),
      ].join('\n'),
  },
  {
    name: 'Annex C',
    remark: 'The prices are clear. Now data processing.',
    text: (random) =>
      [
        'Annex C – Processing of personal data',
        'The Supplier processes personal data only on documented instructions of the Buyer. It tells the Buyer of a breach without undue delay, and within 48 hours at the latest.',
        ...SUBPROCESSORS.map(
          (name, i) =>
            `C.${i + 1} ${name}: ${random.pick(PURPOSES)}, ${random.pick(PLACES)}; access to content: ${random.chance(0.3) ? 'yes, encrypted' : 'no'}; contract of 2025-${String(random.between(1, 12)).padStart(2, '0')}-01.`,
        ),
      ].join('\n'),
  },
  {
    name: 'Annex D',
    remark: 'Eight subprocessors, of which some see content. The exit is last.',
    text: () =>
      [
        'Annex D – Exit',
        'D.1 The Buyer asks for the exit plan at least six months before the end.',
        'D.2 Data is handed over as files in the format in which it is stored. The Supplier does not convert it.',
        'D.3 Help is charged by the hour (145.00 EUR), travel apart.',
        'D.4 The Supplier keeps the Services up for 30 days after the end when all invoices are paid.',
      ].join('\n'),
  },
];

/** What the reader says in the end. */
export const REPORT = `# Review of FA-2026-118

**Recommendation: do not sign before points 1 to 5 are changed.**

| # | clause | what it says | what we want |
|---|---|---|---|
| 1 | 34, 35 Liability | the fees of three months, lost data excluded | twelve months, data included |
| 2 | 11 Indexation | at least 2 % a year, no ceiling | CPI, at most 4 % |
| 3 | 40 Termination | the Supplier may leave, we may not | both, with twelve months' notice |
| 4 | 16, 17 Service levels | credits only, measured by the Supplier, over a quarter | termination after three bad months, measured by both, over a month |
| 5 | 3 with Annex A | annexes come before the body | body first |

## What else is unusual

- **5 Renewal**: nine months' notice. Put 30 September into the calendar now.
- **18 Maintenance**: 16 hours a month do not count. With Annex A's quarter, two days could pass without a credit.
- **23 Security**: the certificate covers Boden only; most of our services would run in Luleå.
- **26 Subprocessors**: ten days for an objection. Annex C has eight of them.
- **38 Force majeure**: failures of subcontractors are the Supplier's own risk.
- **29 Deletion** and **Annex D**: data is deleted after 90 days, handed over only when all invoices are paid. An open dispute about one invoice would block the exit.

## What is fine

Prices (Annex B) are clear and can be checked. Place of data, law and secrecy are as usual.

I read 46 clauses and 4 annexes; nothing was left out.`;
