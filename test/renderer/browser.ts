import { afterEach } from 'vitest';

/** What jsdom lacks of a browser: sizes, observers of them, drawings, and what the system prefers. Nothing is laid out or painted. */

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

Object.assign(globalThis, {
  ResizeObserver: NoObserver,
  matchMedia: () => ({ matches: false, addEventListener: () => {} }),
  // React draws when it wants to, as in a window; tests wait for what they look for.
  IS_REACT_ACT_ENVIRONMENT: false,
});
Object.assign(HTMLCanvasElement.prototype, { getContext: () => drawing });
Object.assign(Element.prototype, { scrollTo: () => {}, setPointerCapture: () => {} });
for (const [name, size] of Object.entries({ offsetWidth: WIDTH, clientWidth: WIDTH, offsetHeight: HEIGHT, clientHeight: HEIGHT })) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
}

afterEach(() => document.body.replaceChildren());
