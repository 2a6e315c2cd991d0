/** JSON that may be shown on a terminal. */

/** The same JSON with the control characters escaped that JSON itself leaves alone (U+007F to U+009F), and on one line. */
export function harmlessJson(json: string): string {
  return json.replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
