// Ask for articles from JavaScript: `node articles.mjs newest KABAR`. Needs nothing but Node 18 or newer.
// `URL` is Elasticsearch's address and `KEY` the read-only API key. Keep the key on your server: browsers show it.

const { URL: address, KEY: key } = process.env
const usable = { term: { status: 'usable' } }

async function ask(method, path, body) {
  const headers = { authorization: `ApiKey ${key}`, 'content-type': 'application/json' }
  const answer = await fetch(address + path, { method, headers, body: body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
  return answer.json()
}

const search = (body, path = '/articles/_search') => ask('POST', path, body)
const articles = (found) => found.hits.hits.map((hit) => hit._source)
const newestFirst = [{ published_at: 'desc' }, { id: 'asc' }]

// The newest articles of a source.
export async function newest(source, size = 5) {
  const query = { bool: { filter: [{ term: { 'source.id': source } }, usable] } }
  return articles(await search({ size: Number(size), sort: newestFirst, query }))
}

// Articles with all these words or others of their families ('id' or 'en'), and the places where they stand.
export async function with_words(words, language) {
  const fields = ['title^3', 'body', `stems.${language}.title^1.5`, `stems.${language}.body`]
  const must = { multi_match: { query: words, fields, type: 'cross_fields', operator: 'and' } }
  const highlight = { fields: { body: { matched_fields: [`stems.${language}.body`] } } }
  const found = await search({ query: { bool: { must, filter: usable } }, highlight })
  return found.hits.hits.map((hit) => ({ ...hit._source, marked: hit.highlight?.body ?? [] }))
}

// Articles that name an entity, by its id: about('places', 'place:id-3578').
export async function about(kind, entity) {
  const query = { bool: { filter: [{ term: { [`${kind}.id`]: entity } }, usable] } }
  return articles(await search({ size: 100, query, sort: newestFirst }))
}

// How many articles of the last days each topic has.
export async function topics(days = 7) {
  const lately = { range: { published_at: { gte: `now-${days}d`, lte: 'now' } } }
  const aggs = { topics: { terms: { field: 'topics.name', size: 20 } } }
  const found = await search({ size: 0, query: { bool: { filter: [lately, usable] } }, aggs })
  return Object.fromEntries(found.aggregations.topics.buckets.map((one) => [one.key, one.doc_count]))
}

// One article a story, with the sources of its near-copies.
export async function stories(words) {
  const copies = { name: 'copies', size: 100, _source: ['source.id'], sort: [{ first_seen_at: 'asc' }] }
  const query = { bool: { must: { match: { body: words } }, filter: usable } }
  const found = await search({ query, collapse: { field: 'story_id', inner_hits: copies } })
  return found.hits.hits.map((hit) => ({
    ...hit._source,
    sources: hit.inner_hits.copies.hits.hits.map((one) => one._source.source.id),
  }))
}

// All articles of a source, as they were when this began.
export async function every(source, size = 1000) {
  let { id: pit } = await ask('POST', '/articles/_pit?keep_alive=2m')
  const all = []
  for (let after = ''; ; ) {
    const query = { term: { 'source.id': source } }
    const page = { size: Number(size), pit: { id: pit, keep_alive: '2m' }, query, sort: [{ id: 'asc' }] }
    const found = await search({ ...page, search_after: [after] }, '/_search')
    pit = found.pit_id
    const hits = found.hits.hits
    if (hits.length === 0) break
    all.push(...articles(found))
    after = hits.at(-1).sort[0]
  }
  await ask('DELETE', '/_pit', { id: pit })
  return all
}

// What was written since `seen`, and what to ask with the next time; nothing in flight is skipped (one shard).
export async function changed(seen = -1, size = 1000) {
  const stats = await ask('GET', '/articles/_stats/docs?level=shards')
  const [[index, found]] = Object.entries(stats.indices) // another uuid: made anew, and numbered anew
  const done = found.shards['0'].find((copy) => copy.routing.primary).seq_no.global_checkpoint
  await ask('POST', `/${index}/_refresh`)
  const query = { range: { _seq_no: { gt: Number(seen), lte: done } } }
  const sorted = { sort: [{ _seq_no: 'asc' }], seq_no_primary_term: true }
  const { hits } = (await search({ size: Number(size), query, ...sorted })).hits
  return {
    articles: hits.map((hit) => hit._source),
    seen: hits.length === Number(size) ? hits.at(-1)._seq_no : done,
    index: found.uuid,
  }
}

const questions = { newest, with_words, about, topics, stories, every, changed }
const [name, ...options] = process.argv.slice(2)
if (name) console.log(JSON.stringify(await questions[name](...options)))
