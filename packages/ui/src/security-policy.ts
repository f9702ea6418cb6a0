// What a browser may do with a page: load our own stylesheet, scripts and images, speak to our own server, nothing else.
// Inline script and style are refused, so a string that slipped through as markup would still not run.
import { createMiddleware } from 'hono/factory';

export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Sets the policy and its companions on every answer. */
export const securityHeaders = createMiddleware(async function securityHeaders(c, next) {
  await next();
  c.header('content-security-policy', contentSecurityPolicy);
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'same-origin');
  c.header('cross-origin-opener-policy', 'same-origin');
});
