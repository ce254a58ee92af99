import { type ArtifactReference, artifactReference } from '../jamjet/artifact.ts';
import { type EventChunk, textAt } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import { ChunkBuilder } from '../source/chunk-builder.ts';
import type { Source } from '../source/port.ts';

const MARKER = Buffer.from('"$artifact"');

/**
 * The artifacts that the events of a chunk refer to, each as an event with the sequence of the one that refers to it, so that
 * they can be searched in the same way; undefined when there are none. A reference whose artifact is missing is left out.
 */
export async function artifactChunk(source: Source, chunk: EventChunk, signal?: AbortSignal): Promise<EventChunk | undefined> {
  const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
  if (!bytes.includes(MARKER)) return undefined;
  const artifacts = new ChunkBuilder();
  for (let i = 0; i < chunk.count; i++) {
    if (chunk.unreadable.has(i) || !bytes.subarray(chunk.offsets[i], chunk.offsets[i + 1]).includes(MARKER)) continue;
    const reading = readEvent(textAt(chunk, i));
    for (const { hash } of reading.ok ? referencesIn(reading.event.fields) : []) {
      const content = await source.artifact(hash, signal);
      if (content !== undefined) artifacts.add(chunk.sequences[i] as number, '', Buffer.concat([BEFORE, content, BEHIND]));
    }
  }
  return artifacts.count === 0 ? undefined : artifacts.build();
}

const BEFORE = Buffer.from('{"type":"artifact","artifact":');
const BEHIND = Buffer.from('}');

function referencesIn(value: Json): readonly ArtifactReference[] {
  const reference = artifactReference(value);
  if (reference !== undefined) return [reference];
  if (isObject(value)) return [...value.values()].flatMap(referencesIn);
  return isArray(value) ? value.flatMap(referencesIn) : [];
}
