import { expect, test } from 'bun:test'
import { prompt } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

const remark = { type: 'create_review_comment', session_id: 's1', file_path: 'src/a.ts', line_start: 4 } as const

test('remarks are seen by everybody who follows, and by their author who does not', async () => {
  await using server = await LocalServer.start()
  await server.hook(prompt('s1'))
  const [author, reader] = [await server.client(), await server.client()]
  await reader.follow('s1')

  author.send({ ...remark, turn_id: 'turn-1', body: 'why?', tag: 'risk' })
  const { comment, revision } = await author.expect('review_comment_created')
  expect(revision).toBeUndefined()
  const seen = await reader.expect('review_comment_created')
  expect(seen.comment).toEqual(comment)
  expect(seen.revision).toBeGreaterThan(0)

  // At once, by somebody who has only just heard of it.
  reader.send({ type: 'update_review_comment', comment_id: comment.id, status: 'resolved', command_id: 'c1' })
  const resolved = { ...comment, status: 'resolved' as const, updated_at: expect.any(String) }
  expect((await reader.expect('review_comment_updated')).comment).toEqual(resolved)
  expect(await reader.expect('command_ack')).toMatchObject({ command_id: 'c1', session_id: 's1', ok: true })

  reader.send({ ...remark, body: 'second' })
  reader.send({ type: 'list_review_comments', session_id: 's1' })
  expect((await reader.expect('review_comments_list')).comments).toMatchObject([resolved, { body: 'second' }])
  reader.send({ type: 'list_review_comments', session_id: 's1', turn_id: 'turn-1' })
  expect((await reader.expect('review_comments_list')).comments).toEqual([resolved])
  reader.send({ type: 'list_review_comments', session_id: 'nobody' })
  expect((await reader.expect('review_comments_list')).comments).toEqual([])

  author.send({ type: 'delete_review_comment', comment_id: comment.id })
  author.send({ type: 'delete_review_comment', comment_id: comment.id })
  expect((await author.expect('review_comment_deleted')).comment_id).toBe(comment.id)
  expect(await author.expect('error')).toMatchObject({ code: 'not_found', session_id: null })
  await reader.expect('review_comment_deleted')
  expect(reader.frames.filter(({ type }) => type === 'review_comment_created')).toHaveLength(2)
})

test('two changes in a row do not undo each other', async () => {
  await using server = await LocalServer.start()
  await server.hook(prompt('s1'))
  const client = await server.client()
  client.send({ ...remark, body: 'why?' })
  const { comment } = await client.expect('review_comment_created')
  client.send({ type: 'update_review_comment', comment_id: comment.id, body: 'so?' })
  client.send({ type: 'update_review_comment', comment_id: comment.id, tag: 'nit' })
  await client.expect('review_comment_updated')
  expect((await client.expect('review_comment_updated')).comment).toMatchObject({ body: 'so?', tag: 'nit' })
})

test('a remark outlives a restart, and can be changed after it', async () => {
  const first = await LocalServer.start()
  await first.hook(prompt('s1'))
  const author = await first.client()
  author.send({ ...remark, body: 'why?', command_id: 'c1' })
  const { comment } = await author.expect('review_comment_created')
  await author.expect('command_ack')
  await first.stop()

  await using second = await LocalServer.start({ home: first.home })
  const client = await second.client()
  client.send({ type: 'update_review_comment', comment_id: comment.id, status: 'resolved' })
  expect((await client.expect('review_comment_updated')).comment).toMatchObject({
    ...comment,
    status: 'resolved',
    updated_at: expect.any(String),
  })
})

test('a remark on a session that nobody knows is refused', async () => {
  await using server = await LocalServer.start()
  const client = await server.client()
  client.send({ ...remark, body: 'why?' })
  expect(await client.expect('error')).toMatchObject({ code: 'not_found', session_id: 's1' })
  client.send({ type: 'update_review_comment', comment_id: 'rc-x-1', body: 'x' })
  expect(await client.expect('error')).toMatchObject({
    code: 'not_found',
    message: 'Review comment rc-x-1 not found',
    session_id: null,
  })
})
