// The pipeline as a picture: one box an action, coloured by what this job request did with it, marked with the privacy
// levels of its outputs, linked to its job or its line in project.yaml. Colour is never alone: each box has an icon, and
// its title says everything in words.
import type { JobState, PrivacyLevel } from '@glovebox/record';
import { IconPaths, levelShapes, levelWords, statusShapes, statusWords } from '@glovebox/ui';
import { type Arrow, type Box, type GraphLayout, shownName } from './layout.js';

export interface DrawnAction {
  readonly name: string;
  /** `null`: not part of this job request. */
  readonly state: JobState | null;
  readonly levels: readonly PrivacyLevel[];
  readonly href: string;
}

const round = (n: number): string => String(Math.round(n * 10) / 10);

/** A smooth line through the points that leaves and meets each of them level. */
function pathOf({ points }: Arrow): string {
  const at = (x: number, y: number) => `${round(x)} ${round(y)}`;
  return points
    .map((p, i) => {
      const before = points[i - 1];
      if (!before) return `M${at(p.x, p.y)}`;
      // The last piece ends where the tip begins.
      const x = i === points.length - 1 ? p.x - 6 : p.x;
      const half = (before.x + x) / 2;
      return `C${at(half, before.y)} ${at(half, p.y)} ${at(x, p.y)}`;
    })
    .join('');
}

const ArrowPath = ({ arrow }: { readonly arrow: Arrow }) => {
  const tip = arrow.points.at(-1);
  return (
    <>
      <path class="edge" d={pathOf(arrow)} />
      {tip && <path class="tip" d={`M${round(tip.x)} ${round(tip.y)}l-7 -4v8z`} />}
    </>
  );
};

/** "extract: succeeded; makes highly sensitive outputs". */
function describe(action: DrawnAction): string {
  const status = action.state === null ? 'not part of this job request' : statusWords[action.state].toLowerCase();
  const levels = action.levels.map((level) => levelWords[level].name.toLowerCase());
  return `${action.name}: ${status}; makes ${levels.join(' and ')} outputs`;
}

const ActionBox = ({ box, action }: { readonly box: Box; readonly action: DrawnAction }) => {
  const middle = box.y + box.height / 2;
  const textX = box.x + (action.state === null ? 14 : 34);
  return (
    <a href={action.href} class={action.state ?? 'absent'} aria-label={describe(action)}>
      <title>{describe(action)}</title>
      <rect class="box" x={round(box.x)} y={round(box.y)} width={round(box.width)} height={round(box.height)} rx="6" />
      {action.state && (
        <g transform={`translate(${round(box.x + 11)} ${round(middle - 8)})`}>
          <IconPaths shape={statusShapes[action.state]} />
        </g>
      )}
      <text x={round(textX)} y={round(middle + 4.5)}>
        {shownName(action.name)}
      </text>
      {action.levels.map((level, i) => (
        <g
          class={level}
          transform={`translate(${round(box.x + box.width - 6 - 20 * (action.levels.length - i))} ${round(middle - 8)})`}
        >
          <IconPaths shape={levelShapes[level]} />
        </g>
      ))}
    </a>
  );
};

export const GraphDrawing = ({
  layout,
  actions,
}: {
  readonly layout: GraphLayout;
  readonly actions: readonly DrawnAction[];
}) => {
  const byName = new Map(actions.map((a) => [a.name, a]));
  return (
    <div class="graph" tabindex={0} role="region" aria-label="Pipeline graph">
      <svg
        xmlns="http://www.w3.org/2000/svg"
        width={layout.width}
        height={layout.height}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="group"
        aria-label="The actions of the pipeline, each to the right of the actions that it needs"
      >
        {layout.arrows.map((arrow) => (
          <ArrowPath arrow={arrow} />
        ))}
        {layout.boxes.map((box) => {
          const action = byName.get(box.name);
          return action && <ActionBox box={box} action={action} />;
        })}
      </svg>
    </div>
  );
};
