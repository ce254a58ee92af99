/** The colours of the current theme, by the names of the design tokens. */
export type Colours = (name: string) => string;

/** The colours that have been asked for, of the theme in `of`: reading one makes the browser lay out everything that has changed. */
const known = { of: '', colours: new Map<string, string>() };

export function themeColours(): Colours {
  const { theme, contrast } = document.documentElement.dataset;
  const of = `${theme} ${contrast}`;
  if (known.of !== of) Object.assign(known, { of, colours: new Map() });
  const { colours } = known;
  return (name) => {
    const colour = colours.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    colours.set(name, colour);
    return colour;
  };
}

/** Sizes a canvas in CSS pixels and clears it. */
export function prepareCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.scale(ratio, ratio);
  return context;
}
