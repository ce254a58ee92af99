import type { GraphLayout } from '../../../core/contract/graph.ts';

/** The properties that a drawing outside of the page needs. */
const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'font-family', 'font-size', 'font-weight', 'visibility'] as const;
const MARGIN = 16;
const NAMESPACE = 'http://www.w3.org/2000/svg';
/** The longest side of a picture, in pixels, and how many of them a unit of the graph has if there is room. */
const MAX_SIDE = 8000;
const DENSITY = 2;

/** The whole graph as it is drawn now, as a text that needs no styles, fonts or scripts of the page. */
export function svgText(drawn: SVGSVGElement, { width, height }: GraphLayout): string {
  const content = drawn.firstElementChild as SVGGElement;
  const copy = content.cloneNode(true) as SVGGElement;
  const [originals, copies] = [content.querySelectorAll('*'), copy.querySelectorAll('*')];
  for (const [i, element] of [...copies].entries()) plain(element, originals[i] as Element);
  copy.removeAttribute('transform');
  const picture = document.createElementNS(NAMESPACE, 'svg');
  const size = { width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(height + 2 * MARGIN) };
  set(picture, { xmlns: NAMESPACE, ...size, viewBox: `${-MARGIN} ${-MARGIN} ${size.width} ${size.height}` });
  const back = document.createElementNS(NAMESPACE, 'rect');
  set(back, { x: -MARGIN, y: -MARGIN, ...size, fill: getComputedStyle(drawn).backgroundColor });
  picture.append(back, copy);
  return new XMLSerializer().serializeToString(picture);
}

/** Keeps of an element only what is drawn. */
function plain(copy: Element, original: Element): void {
  for (const name of copy.getAttributeNames()) if (/^(class|role|tabindex|aria-|data-)/.test(name)) copy.removeAttribute(name);
  if (copy.tagName === 'title' || copy.tagName === 'g' || copy.tagName === 'svg') return;
  const style = getComputedStyle(original);
  for (const name of STYLES) copy.setAttribute(name, style.getPropertyValue(name));
}

function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** The picture of an SVG text as the bytes of a PNG file. */
export async function pngBytes(svg: string, { width, height }: GraphLayout): Promise<Uint8Array<ArrayBuffer>> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(DENSITY, MAX_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round((width + 2 * MARGIN) * scale);
  canvas.height = Math.round((height + 2 * MARGIN) * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the picture could not be made');
  return new Uint8Array(await blob.arrayBuffer());
}
