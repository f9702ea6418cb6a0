export { assetRoutes } from './assets.js';
export { Icon, IconPaths, levelShapes, statusShapes, type IconShape } from './icons.js';
export { Layout, type LayoutProps } from './layout.js';
export {
  Breadcrumbs,
  Copyable,
  count,
  Disclosure,
  FactLine,
  Facts,
  inWords,
  Name,
  Notice,
  Prose,
  Columns,
  Table,
  type Crumb,
  type Fact,
} from './parts.js';
export { contentSecurityPolicy, securityHeaders } from './security-policy.js';
export { LevelChip, LevelChips, levelWords, StatusBadge, statusWords } from './status.js';
export { between, formatMoment, formatSpan, Moment, Span } from './time.js';
export { written } from './written.js';
