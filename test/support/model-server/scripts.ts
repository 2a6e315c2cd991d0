/** What the scripted model says: a prompt that contains `[s:NAME]` plays the script NAME, one step for each request. */

/** `{project}` stands for the project's directory, `{plan}` for the plan file that Claude named, `{agent}` for the last agent. */
export type Block =
  | { readonly text: string }
  | { readonly thinking: string }
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }

export type Step =
  | {
      readonly say: readonly Block[]
      /** Pieces that each block arrives in; 3 if not said otherwise. */
      readonly pieces?: number
      readonly stop?: 'max_tokens'
      /** The stream breaks with this error after the first block. */
      readonly breaksWith?: ApiError
    }
  | { readonly fail: ApiError & { readonly status: number; readonly headers?: Readonly<Record<string, string>> } }

export interface ApiError {
  readonly type: string
  readonly message: string
}

const say = (...texts: string[]): Step => ({ say: texts.map((text) => ({ text })) })
const use = (tool: string, input: Readonly<Record<string, unknown>>): Step => ({ say: [{ tool, input }] })
const bash = (command: string, description: string): Block => ({ tool: 'Bash', input: { command, description } })
const agent = (background: boolean, inside = 'inside-agent', description = 'Explore the code'): Block => ({
  tool: 'Agent',
  input: {
    description,
    prompt: `[s:${inside}] Look around.`,
    subagent_type: 'general-purpose',
    run_in_background: background,
  },
})

const conversation = {
  plain: [{ say: [{ thinking: 'A plain answer is wanted.' }, { text: 'Hello from the scripted model.' }] }],
  long: [{ say: [{ text: 'and so on '.repeat(200) }], pieces: 100 }],
  'cut-off': [{ say: [{ text: 'This answer ends too ear' }], stop: 'max_tokens' }],
} satisfies Record<string, readonly Step[]>

const tools = {
  bash: [
    { say: [{ text: 'I will run a command.' }, bash('echo hello-from-bash', 'Say hello')] },
    say('It said hello.'),
  ],
  'bash-fails': [{ say: [bash('echo oops >&2; exit 3', 'Fail')] }, say('It failed with exit code 3.')],
  'bash-waits': [
    { say: [bash('while [ ! -e "{project}/go" ]; do sleep 0.05; done; echo went', 'Wait')] },
    say('It went.'),
  ],
  'bash-asks-and-waits': [
    {
      say: [bash('touch begun.txt && while [ ! -e "{project}/go" ]; do sleep 0.05; done; echo went', 'Begin and wait')],
    },
    say('It went.'),
  ],
  'bash-writes': [{ say: [bash('touch made-by-bash.txt && echo made', 'Make a file')] }, say('The file is there.')],
  'bash-nested': [{ say: [bash('"{project}/nested.sh"', 'Ask another one')] }, say('It has been asked.')],
  'bash-unusual': [{ say: [bash('sh -c "echo unusual"', 'Something that no rule knows')] }, say('It is done.')],
  'bash-background': [
    use('Bash', { command: 'echo in-background', description: 'Run behind', run_in_background: true }),
    say('It runs in the background.'),
  ],
  'bash-background-waits': [
    use('Bash', {
      command: 'while [ ! -e "{project}/go" ]; do sleep 0.05; done; echo went',
      description: 'Wait behind',
      run_in_background: true,
    }),
    say('It waits in the background.'),
    say('It went in the background.'),
  ],
  'read-picture': [use('Read', { file_path: '{project}/picture.png' }), say('A nice picture.')],
  write: [use('Write', { file_path: '{project}/notes.txt', content: 'line one\nline two\n' }), say('Wrote notes.txt.')],
  edit: [
    use('Read', { file_path: '{project}/notes.txt' }),
    use('Edit', { file_path: '{project}/notes.txt', old_string: 'line two', new_string: 'line 2' }),
    say('Edited notes.txt.'),
  ],
  parallel: [
    {
      say: [
        bash('echo one', 'One'),
        bash('echo two', 'Two'),
        { tool: 'Read', input: { file_path: '{project}/README.md' } },
      ],
    },
    say('All three are done.'),
  ],
  /** Reads at once; the commands are asked about one after the other. */
  'parallel-asks': [
    {
      say: [
        { tool: 'Read', input: { file_path: '{project}/README.md' } },
        bash('touch one.txt && echo one', 'One'),
        bash('touch two.txt && echo two', 'Two'),
      ],
    },
    say('That is all.'),
  ],
  cd: [{ say: [bash('cd sub', 'Go there')] }, say('I am there.')],
  nested: [
    { say: [bash('"{project}/claude" -p "[s:plain] From within"', 'Ask another')] },
    say('The inner one is done.'),
  ],
  'two-steps': [
    { say: [{ text: 'First step.' }, bash('echo first', 'First')] },
    { say: [{ text: 'Second step.' }, bash('echo second', 'Second')] },
    say('Both steps are done.'),
  ],
} satisfies Record<string, readonly Step[]>

const people = {
  ask: [
    use('AskUserQuestion', {
      questions: [
        {
          question: 'Which database?',
          header: 'Database',
          multiSelect: false,
          options: [
            { label: 'SQLite', description: 'Embedded' },
            { label: 'Postgres', description: 'A server' },
          ],
        },
      ],
    }),
    say('Thanks for the answer.'),
  ],
  'ask-two': [
    use('AskUserQuestion', {
      questions: ['Database', 'Language'].map((header, at) => ({
        question: at === 0 ? 'Which database?' : 'Which languages?',
        header,
        multiSelect: at === 1,
        options: (at === 0 ? ['SQLite', 'Postgres'] : ['TypeScript', 'Rust', 'Go']).map((label) => ({
          label,
          description: `${label} it is`,
        })),
      })),
    }),
    say('Thanks for both answers.'),
  ],
  plan: [
    use('Write', { file_path: '{plan}', content: '# Plan\n\n1. Do it\n2. Test it\n' }),
    use('ExitPlanMode', {}),
    say('The plan was approved.'),
  ],
  /** Where there is a plan already. */
  'plan-again': [use('ExitPlanMode', {}), say('The plan was approved.')],
} satisfies Record<string, readonly Step[]>

const agents = {
  agent: [{ say: [{ text: 'Delegating.' }, agent(false)] }, say('The subagent reported back.')],
  'agent-background': [{ say: [agent(true)] }, say('The agent is on its way.'), say('The agent is back.')],
  'agents-parallel': [
    { say: [agent(false, 'inside-agent', 'First look'), agent(false, 'inside-other', 'Second look')] },
    say('Both reported back.'),
  ],
  'agents-background': [
    { say: [agent(true, 'inside-agent', 'First look'), agent(true, 'inside-other', 'Second look')] },
    say('Both are on their way.'),
    say('One is back.'),
    say('The other is back.'),
  ],
  'agent-nested': [{ say: [agent(false, 'inside-nested', 'Outer look')] }, say('The outer one reported back.')],
  'agent-fails': [{ say: [agent(false, 'error-400', 'Doomed look')] }, say('The subagent failed.')],
  'agent-continues': [
    { say: [agent(false, 'inside-agent', 'Two looks')] },
    use('SendMessage', { to: '{agent}', summary: 'Look again', message: '[s:inside-other] Look again.' }),
    say('It was asked once more.'),
    say('It came back.'),
  ],
  'agent-writes': [{ say: [agent(false, 'bash-writes')] }, say('The subagent wrote.')],
  'inside-nested': [{ say: [agent(false, 'inside-agent', 'Inner look')] }, say('The inner one reported back.')],
  'inside-other': [{ say: [bash('echo from-other', 'Say where')] }, say('All is well over here.')],
  'inside-agent': [{ say: [bash('echo from-subagent', 'Say where')] }, say('All is well in here.')],
} satisfies Record<string, readonly Step[]>

const plans = {
  tasks: [
    {
      say: [
        { tool: 'TaskCreate', input: { subject: 'Write tests', description: 'All of them', activeForm: 'Writing' } },
        { tool: 'TaskCreate', input: { subject: 'Fix bugs', description: 'Some of them' } },
        { tool: 'TaskCreate', input: { subject: 'Dream', description: 'Of more' } },
      ],
    },
    use('TaskUpdate', { taskId: '1', status: 'in_progress' }),
    use('TaskUpdate', { taskId: '2', subject: 'Fix all bugs' }),
    use('TaskUpdate', { taskId: '3', status: 'deleted' }),
    use('TaskUpdate', { taskId: '1', status: 'completed' }),
    use('TaskList', {}),
    say('The tasks are set.'),
  ],
} satisfies Record<string, readonly Step[]>

const failures = {
  'error-400': [{ fail: { status: 400, type: 'invalid_request_error', message: 'scripted bad request' } }],
  'error-401': [{ fail: { status: 401, type: 'authentication_error', message: 'scripted wrong key' } }],
  'error-429': [
    { fail: { status: 429, type: 'rate_limit_error', message: 'scripted limit', headers: { 'retry-after': '1' } } },
  ],
  'error-529': [{ fail: { status: 529, type: 'overloaded_error', message: 'scripted overload' } }],
  'error-midway': [
    { say: [{ text: 'Only a part' }], breaksWith: { type: 'overloaded_error', message: 'scripted overload midway' } },
  ],
} satisfies Record<string, readonly Step[]>

export const SCRIPTS = { ...conversation, ...tools, ...people, ...agents, ...plans, ...failures }

export type ScriptName = keyof typeof SCRIPTS
