import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { anEventId, prompt, sessionEnd, stop, toolEnds, toolStarts } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import { commitAll, git, Repositories } from '../support/repositories.ts'

/** A worktree is left alone for a multiple of the time that a look at it takes, which is long on a busy machine. */
setDefaultTimeout(60_000)

const repositories = new Repositories()
afterAll(() => repositories[Symbol.dispose]())

/** A session at work in a directory, a client that follows it, and what the client waits for. */
async function atWork(server: LocalServer, sessionId: string, cwd: string) {
  await server.hook(prompt(sessionId, 'Fix it', { cwd }))
  const client = await server.client()
  await client.follow(sessionId)
  return client
}

test('a session tells branch, repository and changes: to the list, to followers, and after a restart', async () => {
  const root = repositories.make('told')
  const facts = {
    git_branch: 'main',
    git_sha: git(root, 'rev-parse', 'HEAD'),
    repository_root: root,
    is_worktree: false,
    git_dirty: false,
  }
  await using server = await LocalServer.start()
  const list = await server.client()
  await list.followList()
  const client = await atWork(server, 's1', root)
  expect(await client.waitForView('s1', 'a clean worktree', (view) => view.git_dirty === false)).toMatchObject(facts)
  await list.expect('session_delta', ({ changes }) => changes.git_dirty === false)
  await server.hook(stop('s1', { cwd: root }))
  await server.stop()
  await using again = await LocalServer.start({ home: server.home })
  expect(await (await again.client()).followList()).toMatchObject([facts])
})

test('changes are seen at the end of a tool that writes and of a turn, a commit at once', async () => {
  const root = repositories.make('changed')
  await using server = await LocalServer.start()
  const client = await atWork(server, 's1', root)
  await client.waitForView('s1', 'a clean worktree', (view) => view.git_dirty === false)
  await server.hook(toolStarts('s1', 't1', { tool_name: 'Write', tool_input: { file_path: `${root}/b.txt` } }))
  repositories.write('changed', 'b.txt', 'new')
  await server.hook(toolEnds('s1', 't1', { tool_name: 'Write', tool_input: { file_path: `${root}/b.txt` } }))
  await client.waitForView('s1', 'a dirty worktree', (view) => view.git_dirty === true)
  commitAll(root)
  await client.waitForView('s1', 'a clean worktree', (view) => view.git_dirty === false)
  repositories.write('changed', 'c.txt', 'by something in the background')
  await server.hook(stop('s1', { cwd: root }))
  await client.waitForView('s1', 'a dirty worktree', (view) => view.git_dirty === true)
})

test('an agent that changes its directory takes its session into another worktree, or out of any', async () => {
  const root = repositories.make('left')
  git(root, 'worktree', 'add', '-q', '-b', 'fix', repositories.path('entered'))
  await using server = await LocalServer.start()
  const client = await atWork(server, 's1', root)
  await client.waitForView('s1', 'its branch', (view) => view.git_branch === 'main')
  const moves = (new_cwd: string) =>
    server.hook({
      type: 'claude_status_event',
      event_id: anEventId(),
      session_id: 's1',
      hook_event_name: 'CwdChanged',
      cwd: new_cwd,
      old_cwd: root,
      new_cwd,
    })
  await moves(repositories.path('entered'))
  await client.waitForView('s1', 'the worktree', (view) => view.git_branch === 'fix')
  expect(client.view('s1')).toMatchObject({
    repository_root: root,
    is_worktree: true,
    worktree_path: repositories.path('entered'),
  })
  await moves(repositories.home)
  const { repository_root, is_worktree } = await client.waitForView('s1', 'no branch', (view) => !view.git_branch)
  expect([repository_root, is_worktree]).toEqual([undefined, false])
})

test('what happened to a repository while the server was down is told after its start', async () => {
  const root = repositories.make('meanwhile')
  await using server = await LocalServer.start()
  const client = await atWork(server, 's1', root)
  await client.waitForView('s1', 'a clean worktree', (view) => view.git_dirty === false)
  await server.stop()
  git(root, 'checkout', '-q', '-b', 'feature')
  repositories.write('meanwhile', 'b.txt', 'new')
  await using again = await LocalServer.start({ home: server.home })
  const later = await again.client()
  await later.follow('s1')
  await later.waitForView('s1', 'the new branch', (view) => view.git_branch === 'feature' && view.git_dirty === true)
})

test('the paths of a session on another host are not looked at here', async () => {
  const root = repositories.make('here')
  await using server = await LocalServer.start()
  await server.hook(prompt('far', 'Fix it', { cwd: root, host_id: 'another', pid: 4_711 }))
  const client = await atWork(server, 'near', root)
  await client.waitForView('near', 'a clean worktree', (view) => view.git_dirty === false)
  const far = await client.follow('far')
  expect([far.project_path, far.git_branch]).toEqual([root, undefined])
})

test('a session that has ended keeps its branch, and is told of another one once it goes on', async () => {
  const root = repositories.make('ended')
  await using server = await LocalServer.start()
  const client = await atWork(server, 'over', root)
  await client.waitForView('over', 'its branch', (view) => view.git_branch === 'main')
  await server.hook(sessionEnd('over'))
  const other = await atWork(server, 'other', root)
  await other.waitForView('other', 'its branch', (view) => view.git_branch === 'main')
  git(root, 'checkout', '-q', '-b', 'feature')
  await other.waitForView('other', 'the new branch', (view) => view.git_branch === 'feature')
  expect((await other.follow('over')).git_branch).toBe('main')
  await server.hook(prompt('over', 'Go on', { cwd: root }))
  await client.waitForView('over', 'the new branch', (view) => view.git_branch === 'feature')
})
