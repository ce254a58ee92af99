import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useAnswer } from '../../state/answers.ts';
import { useRun } from '../../state/context.ts';
import { Place } from '../../widgets/place.tsx';
import './why.css';

/** Ends of which there is nothing to explain, or nothing is known. */
const QUIET: ReadonlySet<string> = new Set(['completed', 'continued', 'unknown', 'not-started', 'no-definition']);

/** Ends that are no failures of the run's own work. */
const STOPPED: ReadonlySet<string> = new Set(['cancelled', 'limit']);

/** What stands before the sentence, and how it looks. */
function toneOf(kind: string): { readonly label: string; readonly tone: 'failed' | 'waits' } {
  if (kind.startsWith('waits')) return { label: 'What it waits for', tone: 'waits' };
  if (kind === 'lost-state') return { label: 'What its end lost', tone: 'waits' };
  if (kind.startsWith('stuck')) return { label: 'Why it is stuck', tone: 'failed' };
  return { label: STOPPED.has(kind) ? 'Why it ended' : 'Why it failed', tone: 'failed' };
}

/** One sentence at the head of a run that failed, waits, is stuck or lost state at its end; each event in it is a link. */
export function WhyLine() {
  const { source, execution } = useRun();
  const why = useAnswer('explain.why', { source, execution });
  const [isOpen, setOpen] = useState(false);
  if (why === undefined || QUIET.has(why.kind)) return null;
  const { label, tone } = toneOf(why.kind);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <section className="why selectable" data-tone={tone} aria-label={label} onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}>
      <p>
        <b>{label}</b> <bdi>{linked(why.sentence)}</bdi>{' '}
        {why.chain.length > 0 && (
          <button type="button" className="link why-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <Chevron size={12} aria-hidden="true" /> {isOpen ? 'less' : 'the chain'}
          </button>
        )}
      </p>
      {isOpen && (
        <ol aria-label="The chain of causes">
          {why.chain.map(({ sequence, text }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the links never change their order
            <li key={i}>
              {sequence === null ? <span className="dim">–</span> : <Place sequence={sequence} />} <bdi>{text}</bdi>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The sentence with its sequences as links. */
function linked(sentence: string): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts never change their order
  return sentence.split(/(#\d{1,15})/).map((part, i) => (/^#\d+$/.test(part) ? <Place key={i} sequence={Number(part.slice(1))} /> : part));
}
