/** The permission modes of Claude Code. */

/** Claude refuses it unless it was launched so. */
export const BYPASS_MODE = 'bypassPermissions'

/** As both pinned versions list them. */
export const PERMISSION_MODES: readonly string[] = ['default', 'acceptEdits', 'plan', 'dontAsk', 'auto', BYPASS_MODE]
