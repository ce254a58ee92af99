import { MAX_DEPTH } from '../json/read.ts';
import { bytesAre, JsonScanner } from '../json/scan.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const TYPE = ascii('type');
const NODE_ID = ascii('node_id');
const STATE_PATCH = ascii('state_patch');
const FINAL_STATE = ascii('final_state');
const INITIAL_INPUT = ascii('initial_input');
const NULL = ascii('null');

/**
 * The byte ranges [start, end) of the fields of one event that the index needs; a start of -1 for a missing field. Ranges of
 * strings exclude the quotes. One object reads all events, because there are millions.
 */
export class EventFields {
  typeStart = -1;
  typeEnd = -1;
  nodeStart = -1;
  nodeEnd = -1;
  /** -1 also for null, which changes nothing when it is merged. */
  patchStart = -1;
  patchEnd = -1;
  finalStart = -1;
  finalEnd = -1;
  inputStart = -1;
  inputEnd = -1;
  #scanner = new JsonScanner(new Uint8Array());
  /** Most events have no escape, so that no key needs to be searched for one. */
  #hasEscape = false;
  #unusual = false;

  /**
   * Reads the event in bytes [start, end) of the scanner. If a field occurs twice, the last one counts.
   *
   * @returns false when the event is damaged, or needs the ordinary reader because a key or a name has an escape.
   */
  read(scanner: JsonScanner, start: number, end: number): boolean {
    this.#scanner = scanner;
    this.#hasEscape = scanner.hasEscape(start, end);
    this.typeStart = this.nodeStart = this.patchStart = this.finalStart = this.inputStart = -1;
    this.#unusual = false;
    return scanner.object(start, end, MAX_DEPTH, this.#visit) && this.typeStart >= 0 && !this.#unusual;
  }

  readonly #visit = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void => {
    const { bytes } = this.#scanner;
    switch (keyEnd - keyStart) {
      case 4:
        if (bytesAre(bytes, keyStart, keyEnd, TYPE)) {
          this.typeStart = this.#isString(valueStart) ? valueStart + 1 : -1;
          this.typeEnd = valueEnd - 1;
          this.#noticeEscapes(valueStart, valueEnd);
        }
        break;
      case 7:
        if (bytesAre(bytes, keyStart, keyEnd, NODE_ID)) {
          this.nodeStart = this.#isString(valueStart) ? valueStart + 1 : -1;
          this.nodeEnd = valueEnd - 1;
          this.#noticeEscapes(valueStart, valueEnd);
        }
        break;
      case 11:
        if (bytesAre(bytes, keyStart, keyEnd, STATE_PATCH)) {
          this.patchStart = bytesAre(bytes, valueStart, valueEnd, NULL) ? -1 : valueStart;
          this.patchEnd = valueEnd;
        } else if (bytesAre(bytes, keyStart, keyEnd, FINAL_STATE)) {
          this.finalStart = valueStart;
          this.finalEnd = valueEnd;
        }
        break;
      case 13:
        if (bytesAre(bytes, keyStart, keyEnd, INITIAL_INPUT)) {
          this.inputStart = valueStart;
          this.inputEnd = valueEnd;
        }
        break;
      default:
        break;
    }
    this.#noticeEscapes(keyStart, keyEnd);
  };

  #noticeEscapes(start: number, end: number): void {
    if (this.#hasEscape && this.#scanner.hasEscape(start, end)) this.#unusual = true;
  }

  #isString(at: number): boolean {
    return this.#scanner.bytes[at] === 0x22;
  }
}
