/** How reasons begin that tell nothing of the request. */
const UNKNOWN = 'it cannot be known: ';

/** Why a call has no request, as a sentence. @param whyNone the part of a sentence that the call has. */
export function noRequestText(whyNone: string): string {
  return whyNone.startsWith(UNKNOWN) ? `What was sent cannot be known: ${whyNone.slice(UNKNOWN.length)}.` : `Nothing was sent: ${whyNone}.`;
}
