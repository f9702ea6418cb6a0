// The marks of Glovebox as inline SVG, 16 units square, drawn in the colour of the text around them.
// An icon is never alone: it stands beside the word that says the same, so it is hidden from screen readers.
import type { PrivacyLevel, RequestStatus } from '@glovebox/record';

/** Paths of one icon: `stroke` is drawn as lines, `fill` as areas. */
export interface IconShape {
  readonly stroke?: string;
  readonly fill?: string;
}

const ring = 'M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5z';

export const statusShapes: Readonly<Record<RequestStatus, IconShape>> = {
  pending: { stroke: `${ring}M8 4.5V8l2.5 1.5` },
  running: { stroke: ring, fill: 'M6.5 5v6L11 8z' },
  succeeded: { stroke: `${ring}M5 8.2l2.1 2.1L11.2 6` },
  failed: { stroke: `${ring}M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8` },
  nothing_to_do: { stroke: `${ring}M5 8h6` },
  refused: { stroke: `${ring}M3.8 3.8l8.4 8.4` },
};

const lock: IconShape = { stroke: 'M5 7V5a3 3 0 0 1 6 0v2', fill: 'M3.5 7h9v7h-9z' };

export const levelShapes: Readonly<Record<PrivacyLevel | 'released' | 'published', IconShape>> = {
  highly_sensitive: lock,
  minimally_sensitive: lock,
  moderately_sensitive: {
    stroke: 'M1 8.5c1.8-3.2 4.2-4.7 7-4.7s5.2 1.5 7 4.7c-1.8 2.8-4.2 4.2-7 4.2S2.8 11.3 1 8.5zM3.2 7.5h9.6',
    fill: 'M5.5 8a2.5 2.5 0 0 0 5 0z',
  },
  released: { stroke: 'M3.5 14V2h6v12M9.5 3.5l3.5-1v11l-3.5 .5M1.5 14h13', fill: 'M10.8 7.5h1v1.5h-1z' },
  published: { stroke: `${ring}M1.8 8h12.4M8 1.8c-4 4-4 8.4 0 12.4M8 1.8c4 4 4 8.4 0 12.4` },
};

/** The inside of an icon, for use within a larger drawing. */
export const IconPaths = ({ shape }: { readonly shape: IconShape }) => (
  <>
    {shape.fill && <path d={shape.fill} fill="currentColor" />}
    {shape.stroke && (
      <path
        d={shape.stroke}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    )}
  </>
);

export const Icon = ({ shape, size = 16 }: { readonly shape: IconShape; readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <IconPaths shape={shape} />
  </svg>
);
