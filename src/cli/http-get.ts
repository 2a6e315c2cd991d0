/** One HTTP request of our own; unlike `fetch` it never goes through a proxy of the environment. */
import { get as getPlain, type RequestOptions } from 'node:http'
import { get as getSecure } from 'node:https'

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

export interface HttpGetOptions {
  readonly timeoutMs: number
  readonly headers?: Readonly<Record<string, string>>
  /** Unix socket to go through; the URL then only gives the path. */
  readonly socketPath?: string
}

/** Answers of servers that are not ours may be long. */
const BODY_CHARS_MAX = 64 * 1024

/** Gets a URL; rejects when there is no answer in time. */
export function httpGet(url: string, { timeoutMs, headers = {}, socketPath }: HttpGetOptions): Promise<HttpAnswer> {
  const options: RequestOptions = { headers, signal: AbortSignal.timeout(timeoutMs), ...(socketPath && { socketPath }) }
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getSecure : getPlain
    get(url, options, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (body.length < BODY_CHARS_MAX) body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', reject)
    }).on('error', reject)
  })
}
