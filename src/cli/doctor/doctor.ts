/** `doctor`: looks at everything that has to fit together, and says what to do about what does not. */
import { defineCommand } from 'citty'
import { version } from '../../lib/version.ts'
import { EXIT } from '../cli-error.ts'
import { type InstallContext, installContext } from '../install-command.ts'
import { dataDirOption } from '../options.ts'
import { type Paint, paintFor, type Style } from '../paint.ts'
import { print, supportsColour } from '../terminal.ts'
import { wrap } from '../wrap.ts'
import { dataFindings } from './data-findings.ts'
import type { Finding } from './finding.ts'
import { hookFindings } from './hook-findings.ts'
import { serverFindings } from './server-findings.ts'

/** In front of what does not begin a finding. */
const INDENTATION = ' '.repeat(8)
/** Columns of what is no terminal: a line stays one. */
const COLUMNS = Number.POSITIVE_INFINITY
const COLUMNS_MIN = 40
const STYLES: Readonly<Record<Finding['status'], Style>> = { ok: 'good', warn: 'urgent', fail: 'alarm' }

export const doctor = defineCommand({
  meta: { name: 'doctor', description: 'Look for what is wrong on this machine, and say what to do about it' },
  args: { ...dataDirOption, json: { type: 'boolean', alias: 'j', description: 'Write JSON' } },
  run: async ({ args }) => {
    const context = installContext(args['data-dir'])
    const findings = await examine(context)
    const failed = findings.some(({ status }) => status === 'fail')
    if (args.json) print(JSON.stringify({ version, data_dir: context.paths.root, ok: !failed, findings }))
    else for (const line of asLines(findings, paintFor(supportsColour()))) print(line)
    return failed ? EXIT.failed : EXIT.ok
  },
})

async function examine(context: InstallContext): Promise<readonly Finding[]> {
  return [...dataFindings(context), ...(await hookFindings(context)), ...(await serverFindings(context))]
}

function asLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  const room = Math.max((process.stdout.columns || COLUMNS) - INDENTATION.length, COLUMNS_MIN)
  const count = findings.filter(({ status }) => status !== 'ok').length
  return [
    `OrbitDock Server v${version}`,
    ...findings.flatMap(({ status, text, fix }) => {
      const [first = '', ...rest] = wrap(text, room)
      const head = `  ${paint(STYLES[status], status.padEnd(4))}  ${first}`
      // On one line, so that it can be copied.
      return [head, ...rest.map((line) => INDENTATION + line), ...(fix === null ? [] : [`${INDENTATION}→ ${fix}`])]
    }),
    '',
    count === 0 ? 'Nothing is wrong.' : `${count} ${count === 1 ? 'thing needs' : 'things need'} a look.`,
  ]
}
