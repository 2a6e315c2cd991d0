/** Which release this is. */
import manifest from '../../package.json' with { type: 'json' }

/** As in `--version`, `/health`, `hello` and `status`. */
export const version: string = manifest.version
