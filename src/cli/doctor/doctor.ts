/** `doctor`: looks at everything that has to fit together, and says what to do about what does not. */
import { defineCommand } from 'citty'
import { version } from '../../lib/version.ts'
import { EXIT } from '../cli-error.ts'
import { type InstallContext, installContext } from '../install-command.ts'
import { dataDirOption } from '../options.ts'
import { type Paint, paintFor, type Style } from '../paint.ts'
import { print, supportsColour } from '../terminal.ts'
import { dataFindings } from './data-findings.ts'
import type { Finding } from './finding.ts'
import { hookFindings } from './hook-findings.ts'
import { serverFindings } from './server-findings.ts'

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
  const count = findings.filter(({ status }) => status !== 'ok').length
  return [
    `OrbitDock Server v${version}`,
    ...findings.flatMap(({ status, text, fix }) => [
      `  ${paint(STYLES[status], status.padEnd(4))}  ${text}`,
      ...(fix === null ? [] : [`        → ${fix}`]),
    ]),
    '',
    count === 0 ? 'Nothing is wrong.' : `${count} ${count === 1 ? 'thing needs' : 'things need'} a look.`,
  ]
}
