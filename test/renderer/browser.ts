import { afterEach } from 'vitest';

/** Stubs of what jsdom lacks: sizes, ResizeObserver, canvas drawing and matchMedia. Nothing is laid out or painted. */

const WIDTH = 1280;
const HEIGHT = 800;

class NoObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const drawing = new Proxy({} as CanvasRenderingContext2D, {
  get: (_, name) => (name === 'measureText' ? () => ({ width: 40 }) : () => undefined),
  set: () => true,
});

class NoPath {
  rect(): void {}
  moveTo(): void {}
  lineTo(): void {}
  closePath(): void {}
}

Object.assign(globalThis, {
  Path2D: NoPath,
  ResizeObserver: NoObserver,
  matchMedia: () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }),
  // React renders whenever it decides to, as in a window; tests wait for what they expect.
  IS_REACT_ACT_ENVIRONMENT: false,
});
Object.assign(HTMLCanvasElement.prototype, { getContext: () => drawing });
Object.assign(Element.prototype, { scrollTo: () => {}, scrollIntoView: () => {}, setPointerCapture: () => {} });
for (const [name, size] of Object.entries({ offsetWidth: WIDTH, clientWidth: WIDTH, offsetHeight: HEIGHT, clientHeight: HEIGHT })) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
}

afterEach(() => document.body.replaceChildren());
