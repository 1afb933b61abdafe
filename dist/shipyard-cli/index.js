#!/bin/node
/******/ (() => { // webpackBootstrap
/******/ 	"use strict";
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = require("node:fs");
;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = require("node:os");
;// CONCATENATED MODULE: external "node:tty"
const external_node_tty_namespaceObject = require("node:tty");
;// CONCATENATED MODULE: ./images/shipyard-cli/process-io.ts



/** This process, its terminal and its files. Reading and writing block, so that prompts and input keep their order. */
const processIo = (home) => ({
    home,
    env: process.env,
    stdin: standardInput,
    stdout: output(1),
    stderr: output(2),
    files,
    now: () => new Date(),
    requestLimitMs: 30_000,
});
/** The home of the user's passwd entry. */
const passwdHome = () => {
    try {
        return { kind: 'known', directory: (0,external_node_os_namespaceObject.userInfo)().homedir };
    }
    catch {
        return { kind: 'unknown', uid: process.getuid?.() ?? -1 };
    }
};
const standardInput = {
    read: (size) => {
        const buffer = Buffer.alloc(size);
        return buffer.subarray(0, retry(() => (0,external_node_fs_namespaceObject.readSync)(0, buffer, 0, size, null)));
    },
    setRaw: (0,external_node_tty_namespaceObject.isatty)(0) ? (raw) => setRawMode(raw) : undefined,
};
// Node changes a terminal's mode through a stream only, and changes it back when the stream is destroyed.
let rawTerminal;
const setRawMode = (raw) => {
    rawTerminal ??= new external_node_tty_namespaceObject.ReadStream(0);
    rawTerminal.setRawMode(raw);
    if (!raw) {
        rawTerminal.destroy();
        rawTerminal = undefined;
    }
};
const output = (descriptor) => ({
    isTerminal: (0,external_node_tty_namespaceObject.isatty)(descriptor),
    write: (text) => {
        let rest = Buffer.from(text);
        while (rest.length > 0) {
            const chunk = rest;
            rest = rest.subarray(retry(() => (0,external_node_fs_namespaceObject.writeSync)(descriptor, chunk)));
        }
    },
});
// A descriptor shared with the parent may be non-blocking.
const retry = (operation) => {
    for (;;) {
        try {
            return operation();
        }
        catch (error) {
            if (error.code !== 'EAGAIN') {
                throw error;
            }
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
    }
};
const files = {
    read: (path) => (0,external_node_fs_namespaceObject.readFileSync)(path, 'utf8'),
    overwrite: (path, text) => {
        const descriptor = openOrCreate(path);
        try {
            (0,external_node_fs_namespaceObject.writeSync)(descriptor, text);
        }
        finally {
            (0,external_node_fs_namespaceObject.closeSync)(descriptor);
        }
    },
};
const openOrCreate = (path) => {
    try {
        return (0,external_node_fs_namespaceObject.openSync)(path, external_node_fs_namespaceObject.constants.O_WRONLY);
    }
    catch (error) {
        if (error.code !== 'ENOENT') {
            throw error;
        }
        const created = (0,external_node_fs_namespaceObject.openSync)(path, external_node_fs_namespaceObject.constants.O_WRONLY | external_node_fs_namespaceObject.constants.O_CREAT | external_node_fs_namespaceObject.constants.O_EXCL, 0o600);
        (0,external_node_fs_namespaceObject.chmodSync)(path, 0o600);
        return created;
    }
};

;// CONCATENATED MODULE: ./images/shipyard-cli/exit.ts
/** Ends the program with status 1; the message goes to standard output as a fatal log line. */
class Fatal extends Error {
    name = 'Fatal';
}
/** Where the original panics: status 2, the message goes to standard error. */
class Panic extends Error {
    name = 'Panic';
}

;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = require("node:http");
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = require("node:https");
;// CONCATENATED MODULE: ./images/shipyard-cli/network-error.ts
/** The words of Go's network stack for what went wrong on the way to the controller. */
const describeNetworkError = (error) => {
    const first = firstOf(error);
    const { code = '', address = '', port = 0, hostname = '' } = first;
    const dialled = dialErrors.get(code);
    if (dialled !== undefined) {
        return `dial tcp ${address.includes(':') ? `[${address}]` : address}:${port}: ${dialled}`;
    }
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
        return `dial tcp: lookup ${hostname}: no such host`;
    }
    if (/wrong version number|packet length too long/.test(first.message)) {
        return 'http: server gave HTTP response to HTTPS client';
    }
    // Node has one code for a reset and for an end before the answer; only the system's call tells them apart.
    if (code === 'ECONNRESET') {
        return first.message.startsWith('read') ? 'read: connection reset by peer' : 'EOF';
    }
    return certificateErrors.get(code) ?? first.message.split('\n', 1)[0] ?? '';
};
// Several addresses were tried: Go reports the first.
const firstOf = (error) => error.errors?.[0] ?? error;
const dialErrors = new Map([
    ['ECONNREFUSED', 'connect: connection refused'],
    ['EHOSTUNREACH', 'connect: no route to host'],
    ['ENETUNREACH', 'connect: network is unreachable'],
    ['ETIMEDOUT', 'i/o timeout'],
]);
const unknownAuthority = 'x509: certificate signed by unknown authority';
const certificateErrors = new Map([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', unknownAuthority],
    ['SELF_SIGNED_CERT_IN_CHAIN', unknownAuthority],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownAuthority],
    ['UNABLE_TO_GET_ISSUER_CERT', unknownAuthority],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownAuthority],
    ['CERT_HAS_EXPIRED', 'x509: certificate has expired or is not yet valid'],
    ['CERT_NOT_YET_VALID', 'x509: certificate has expired or is not yet valid'],
]);

;// CONCATENATED MODULE: ./images/shipyard-cli/url.ts

/** Passes a URL that can be requested. Throws Fatal in the words of Go: `parse "…": …`, or `<prefix>: …`. */
const checkUrl = (url, prefix) => {
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase();
    const [firstSegment = ''] = url.split('/', 1);
    if (scheme === undefined && firstSegment.includes(':')) {
        throw new Fatal(`parse ${JSON.stringify(url)}: first path segment in URL cannot contain colon`);
    }
    if (scheme !== 'http' && scheme !== 'https') {
        throw new Fatal(`${prefix}: unsupported protocol scheme "${scheme ?? ''}"`);
    }
    if (!/^https?:\/\/[^/?#]/i.test(url)) {
        throw new Fatal(`${prefix}: http: no Host in request URL`);
    }
    if (!URL.canParse(url)) {
        throw new Fatal(`parse ${JSON.stringify(url)}: invalid URL`);
    }
};

;// CONCATENATED MODULE: ./images/shipyard-cli/http.ts





/**
 * Sends a request and follows redirects as Go does: after 301 to 303 with GET. Credentials stay with the host that
 * they are meant for. Throws Fatal in Go's words when there is no answer within the limit, or none at all.
 */
const send = async (outgoing) => {
    const deadline = AbortSignal.timeout(outgoing.limitMs);
    let next = outgoing;
    for (let hops = 0; hops < 10; hops += 1) {
        const { location, ...incoming } = await sendOnce(next, deadline);
        if (location === undefined) {
            return incoming;
        }
        next = redirected(next, incoming.status, location);
    }
    throw new Fatal(`${prefix(next)}: stopped after 10 redirects`);
};
const sendOnce = async (outgoing, deadline) => {
    checkUrl(outgoing.url, prefix(outgoing));
    try {
        return await exchange(outgoing, deadline);
    }
    catch (error) {
        const reason = deadline.aborted
            ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
            : describeNetworkError(error);
        throw new Fatal(`${prefix(outgoing)}: ${reason}`);
    }
};
const exchange = (outgoing, signal) => new Promise((resolve, reject) => {
    const { body, headers } = outgoing;
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body).toString() };
    const sent = http_open(outgoing, { signal, method: outgoing.method, headers: { ...headers, ...length } });
    sent.once('error', reject);
    sent.once('response', (received) => {
        const chunks = [];
        received.on('data', (chunk) => chunks.push(chunk));
        received.once('error', reject);
        received.once('end', () => {
            const status = received.statusCode ?? 0;
            resolve({
                status,
                body: Buffer.concat(chunks).toString(),
                location: redirects.has(status) ? received.headers.location : undefined,
            });
        });
    });
    sent.end(body);
});
const http_open = ({ url, allowInsecure, authorities }, options) => {
    // No connection is kept: nothing may hold the process when the work is done.
    const common = { ...options, agent: false };
    if (!url.toLowerCase().startsWith('https:')) {
        return (0,external_node_http_namespaceObject.request)(url, common);
    }
    const ca = allowInsecure ? undefined : authorities();
    const trust = ca === undefined ? {} : { ca: [...ca] };
    return (0,external_node_https_namespaceObject.request)(url, { ...common, ...trust, rejectUnauthorized: !allowInsecure });
};
const redirected = (outgoing, status, location) => {
    const target = new URL(location, outgoing.url);
    const sameHost = target.host === new URL(outgoing.url).host;
    const headers = { ...outgoing.headers, Referer: outgoing.url };
    return {
        ...outgoing,
        url: target.href,
        headers: sameHost ? headers : withoutCredentials(headers),
        ...(status === 307 || status === 308 ? {} : { method: 'GET', body: undefined }),
    };
};
const withoutCredentials = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('X-')));
const prefix = ({ method, url }) => `${method.charAt(0)}${method.slice(1).toLowerCase()} ${JSON.stringify(url)}`;
const redirects = new Set([301, 302, 303, 307, 308]);

;// CONCATENATED MODULE: ./images/shipyard-cli/json.ts

/** JSON as Go writes it: `<`, `>` and `&` escaped; `indent` is the number of blanks. */
const marshal = (value, indent) => JSON.stringify(value, undefined, indent)
    .replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\\(.)/g, (escape, letter) => longEscapes.get(String(letter)) ?? escape);
/** Drops what Go's `omitempty` drops: `""`, `0`, an empty list and what is not there. */
const omitEmpty = (members) => {
    const kept = {};
    for (const [name, value] of Object.entries(members)) {
        const isEmpty = value === '' || value === 0 || (Array.isArray(value) && value.length === 0);
        if (value !== undefined && !isEmpty) {
            kept[name] = value;
        }
    }
    return kept;
};
/** The first JSON value of a text; what follows is ignored. Throws Fatal with the words of Go's decoder. */
const unmarshal = (text) => {
    const trimmed = text.trim();
    if (trimmed === '') {
        throw new Fatal('EOF');
    }
    try {
        return JSON.parse(firstValue(trimmed));
    }
    catch {
        const first = trimmed.charAt(0);
        throw new Fatal(/["[{\dtfn-]/.test(first)
            ? 'unexpected EOF'
            : `invalid character '${first}' looking for beginning of value`);
    }
};
/** Reading what another program sent: the wrong type counts as not there. */
const member = (value, name) => typeof value === 'object' && value !== null
    ? value[name]
    : undefined;
const json_text = (value) => (typeof value === 'string' ? value : '');
const number = (value) => (typeof value === 'number' ? value : 0);
const list = (value) => (Array.isArray(value) ? value : []);
// Go 1.19 knows no short form for these two.
const longEscapes = new Map([
    ['b', '\\u0008'],
    ['f', '\\u000c'],
]);
const firstValue = (trimmed) => {
    let depth = 0;
    for (const token of trimmed.matchAll(/"(?:[^"\\]|\\.)*"|[{[]|[}\]]/g)) {
        depth += '{['.includes(token[0]) ? 1 : 0;
        depth -= '}]'.includes(token[0]) ? 1 : 0;
        if (depth === 0) {
            return trimmed.slice(0, token.index + token[0].length);
        }
    }
    return trimmed;
};

;// CONCATENATED MODULE: ./images/shipyard-cli/client.ts



/** A client of that controller, in the name of that user or service key. */
const createClient = (config, io) => ({
    call: async (method, path, expected, body) => {
        const { status, body: answer } = await send({
            method,
            url: config.url + path,
            headers: { 'User-Agent': 'shipyard-cli', ...credentials(config) },
            body: body === undefined ? undefined : marshal(body),
            allowInsecure: config.allowInsecure,
            authorities: () => trustedAuthorities(io),
            limitMs: io.requestLimitMs,
        });
        if (status === 401) {
            throw new Fatal('unauthorized');
        }
        if (status !== expected) {
            throw new Fatal(answer);
        }
        return method === 'GET' || answer !== '' ? unmarshal(answer) : undefined;
    },
});
/** Does the work, with `context: ` in front of what it fails with. */
const explain = async (context, work, end = '') => {
    try {
        return await work;
    }
    catch (error) {
        throw error instanceof Fatal ? new Fatal(`${context}: ${error.message}${end}`) : error;
    }
};
// A service key wins. The token header is sent at login too, with an empty token.
const credentials = ({ serviceKey, username, token }) => serviceKey === '' ? { 'X-Access-Token': `${username}:${token}` } : { 'X-Service-Key': serviceKey };
// As with Go, a file that cannot be read means that nothing is trusted.
const trustedAuthorities = ({ env, files }) => {
    const file = env['SSL_CERT_FILE'];
    if (file === undefined || file === '') {
        return undefined;
    }
    try {
        return [files.read(file)];
    }
    catch {
        return [];
    }
};

;// CONCATENATED MODULE: ./images/shipyard-cli/command.ts
/** A command without flags. */
const command = (name, usage, action) => ({
    name,
    usage,
    flags: [],
    ...(action === undefined ? {} : { action }),
});
const textFlag = (names, usage, fallback = '') => ({
    kind: 'text',
    names,
    usage,
    fallback,
});

;// CONCATENATED MODULE: ./images/shipyard-cli/table.ts
/** Rows under a header, as the original prints them; nothing at all where there are no rows. */
const table = (header, rows) => rows.length === 0 ? '' : align([header, ...rows].map((row) => `${row.join('\t')}\n`).join(''));
/**
 * Go's `tabwriter` with cells padded by tabs to the next multiple of 8: a column is a run of lines that have a
 * cell there, and the last cell of a line belongs to none.
 */
const align = (text) => {
    const lines = text.split('\n').map((line) => line.split('\t'));
    return layOut(lines, [])
        .map((line) => line.join(''))
        .join('\n');
};
const layOut = (lines, widths) => {
    const column = widths.length;
    const done = [];
    let plain = [];
    for (let at = 0; at < lines.length; at += 1) {
        const block = lines.slice(at, endOfBlock(lines, at, column));
        if (block.length === 0) {
            plain.push(lines[at] ?? []);
            continue;
        }
        done.push(...plain.map((line) => pad(line, widths)));
        plain = [];
        const width = Math.max(...block.map((line) => lengthOf(line[column] ?? ''))) + 1;
        done.push(...layOut(block, [...widths, width]));
        at += block.length - 1;
    }
    return [...done, ...plain.map((line) => pad(line, widths))];
};
const endOfBlock = (lines, start, column) => {
    let end = start;
    while (column < (lines[end]?.length ?? 0) - 1) {
        end += 1;
    }
    return end;
};
const pad = (line, widths) => line.map((cell, column) => {
    const width = widths[column];
    const tabs = width === undefined ? 0 : Math.ceil((Math.ceil(width / 8) * 8 - lengthOf(cell)) / 8);
    return cell + '\t'.repeat(tabs);
});
// Go counts code points, not what a terminal shows.
const lengthOf = (cell) => Array.from(cell).length;

;// CONCATENATED MODULE: ./images/shipyard-cli/commands/accounts.ts





const accountCommands = [
    command('accounts', 'show accounts', accounts),
    {
        ...command('add-account', 'add account', addAccount),
        flags: [
            textFlag(['username', 'u'], 'account username'),
            textFlag(['password', 'p'], 'account password'),
            textFlag(['role', 'r'], 'account role (admin, user)'),
        ],
    },
    {
        ...command('delete-account', 'delete account', deleteAccount),
        description: 'delete-account <username> [<username>]',
    },
];
async function accounts({ io, client }) {
    const found = await explain('error getting accounts', client().call('GET', '/api/accounts', 200));
    const rows = list(found).map((account) => [
        json_text(member(account, 'username')),
        json_text(member(member(account, 'role'), 'name')),
    ]);
    io.stdout.write(table(['Username', 'Role'], rows));
}
async function addAccount({ flags, client }) {
    const shipyard = client();
    const username = flags.text('username');
    const password = flags.text('password');
    if (username === '' || password === '') {
        throw new Fatal('you must specify a username and password');
    }
    const found = await shipyard.call('GET', `/api/roles/${flags.text('role')}`, 200);
    const role = omitEmpty({ id: json_text(member(found, 'id')), name: json_text(member(found, 'name')) });
    const account = { username, password, role };
    await explain('error adding account', shipyard.call('POST', '/api/accounts', 204, account));
}
async function deleteAccount({ flags, client }) {
    const shipyard = client();
    for (const username of flags.rest) {
        await explain('error deleting account', shipyard.call('DELETE', '/api/accounts', 204, { username }));
    }
}

;// CONCATENATED MODULE: ./images/shipyard-cli/go-text.ts
/** A string as Go's `%q` writes it. */
const quote = (text) => JSON.stringify(text).replace(/\\u00([0-9a-f]{2})|\u007f/g, (_, digits) => {
    const code = digits ?? '7f';
    return shortEscapes.get(code) ?? `\\x${code}`;
});
/** A number as Go's `%.<digits>f` writes it: all its digits, and an exact half goes to the even neighbour. */
const fixed = (value, digits) => {
    if (Math.abs(value) >= 1e21) {
        return `${BigInt(value)}.${'0'.repeat(digits)}`;
    }
    const scaled = value * 10 ** digits;
    const isHalf = Math.abs(scaled % 1) === 0.5 && Number.isInteger(scaled * 2);
    return (isHalf ? (2 * Math.round(scaled / 2)) / 10 ** digits : value).toFixed(digits);
};
/**
 * A number as Go's `strconv.ParseFloat` reads it, and 0 for everything it refuses: that is what the original
 * sends for a flag such as `--cpus 4,5`. (Hexadecimal floats are not read.)
 */
const parseFloat64 = (text) => {
    const special = /^([+-]?)inf(?:inity)?$/i.exec(text);
    if (special !== null) {
        return special[1] === '-' ? -Infinity : Infinity;
    }
    if (/^nan$/i.test(text)) {
        return NaN;
    }
    const isNumber = /^[+-]?(?:[\d_]+\.?[\d_]*|\.[\d_]+)(?:e[+-]?[\d_]+)?$/i.test(text);
    const hasStrayUnderscore = /(?<!\d)_|_(?!\d)/.test(text);
    const value = isNumber && !hasStrayUnderscore ? Number(text.replaceAll('_', '')) : 0;
    return Number.isFinite(value) ? value : 0;
};
/** A number as Go's JSON encoder names it in its error; `undefined` for one that it can write. */
const unsupportedNumber = (value) => {
    if (Number.isNaN(value)) {
        return 'NaN';
    }
    return Number.isFinite(value) ? undefined : `${value > 0 ? '+' : '-'}Inf`;
};
const shortEscapes = new Map([
    ['07', '\\a'],
    ['0b', '\\v'],
]);

;// CONCATENATED MODULE: ./images/shipyard-cli/commands/cluster.ts





const containerCommand = command('containers', 'list containers', containers);
const clusterCommands = [
    command('info', 'show cluster info', info),
    command('events', 'show cluster events', events),
];
async function info({ io, client }) {
    const found = await explain('error getting cluster info', client().call('GET', '/api/cluster/info', 200));
    const amount = (name) => number(member(found, name));
    const lines = [
        `Controller Version: ${json_text(member(found, 'version'))}`,
        `Cpus: ${fixed(amount('cpus'), 2)}`,
        `Memory: ${fixed(amount('memory'), 2)} MB`,
        `Containers: ${amount('container_count')}`,
        `Images: ${amount('image_count')}`,
        `Engines: ${amount('engine_count')}`,
        `Reserved Cpus: ${share(amount('reserved_cpus'), amount('cpus'))} (${fixed(amount('reserved_cpus'), 2)})`,
        `Reserved Memory: ${share(amount('reserved_memory'), amount('memory'))} (${fixed(amount('reserved_memory'), 2)} MB)`,
    ];
    io.stdout.write(lines.map((line) => `${line}\n`).join(''));
}
const share = (part, whole) => `${fixed(part > 0 && whole > 0 ? (part / whole) * 100 : 0, 2)}%`;
async function events({ io, client }) {
    const found = await explain('error getting events', client().call('GET', '/api/events', 200));
    const rows = list(found).map((event) => {
        const container = json_text(member(member(event, 'container'), 'id'));
        const message = json_text(member(event, 'message'));
        return [
            rubyDate(new Date(json_text(member(event, 'time')))),
            container === '' ? message : `container:${container.slice(0, 12)} ${message}`,
            json_text(member(member(event, 'engine'), 'id')),
            json_text(member(event, 'type')),
            list(member(event, 'tags')).map(json_text).join(','),
        ];
    });
    io.stdout.write(table(['Time', 'Message', 'Engine', 'Type', 'Tags'], rows));
}
/** `Sun Nov 22 07:46:49 +0000 2026`, always in UTC. */
const rubyDate = (time) => {
    const [day = '', date = '', month = '', year = '', clock = ''] = time.toUTCString().split(/,? /);
    return `${day} ${month} ${date} ${clock} +0000 ${year}`;
};
async function containers({ io, client }) {
    const found = await explain('error getting containers', client().call('GET', '/api/containers', 200));
    const rows = list(found).map((container) => [
        json_text(member(container, 'id')).slice(0, 12),
        json_text(member(member(container, 'image'), 'name')),
        json_text(member(container, 'name')).slice(1),
        json_text(member(member(container, 'engine'), 'id')),
        json_text(member(container, 'state')),
        list(member(container, 'ports')).map(describePort).join(', '),
    ]);
    io.stdout.write(table(['ID', 'Image', 'Name', 'Host', 'State', 'Ports'], rows));
}
const describePort = (port) => {
    const host = json_text(member(port, 'host_ip'));
    return `${json_text(member(port, 'proto'))}/${host}:${number(member(port, 'port'))}:${number(member(port, 'container_port'))}`;
};

;// CONCATENATED MODULE: ./images/shipyard-cli/engine.ts

const readEngines = (answer) => list(answer).map(readEngine);
/** Reads a row; what is missing is empty, and `health` may be missing (rows of 2.0.3 and 2.0.4). */
const readEngine = (row) => {
    const engine = member(row, 'engine');
    const health = member(row, 'health');
    return {
        id: json_text(member(row, 'id')),
        certificate: json_text(member(row, 'ssl_cert')),
        key: json_text(member(row, 'ssl_key')),
        authority: json_text(member(row, 'ca_cert')),
        engine: {
            id: json_text(member(engine, 'id')),
            addr: json_text(member(engine, 'addr')),
            cpus: number(member(engine, 'cpus')),
            memory: number(member(engine, 'memory')),
            labels: list(member(engine, 'labels')).map(json_text),
        },
        health: health === undefined
            ? undefined
            : { status: json_text(member(health, 'status')), responseTime: number(member(health, 'response_time')) },
        dockerVersion: json_text(member(row, 'docker_version')),
    };
};
/** A row with the names and the order of the wire, everything empty left out. */
const writeEngine = ({ engine, health, ...row }) => omitEmpty({
    id: row.id,
    ssl_cert: row.certificate,
    ssl_key: row.key,
    ca_cert: row.authority,
    engine: omitEmpty(engine),
    health: health && omitEmpty({ status: health.status, response_time: health.responseTime }),
    docker_version: row.dockerVersion,
});

;// CONCATENATED MODULE: ./images/shipyard-cli/file-error.ts
/** A failed file operation in the words of Go's `os` package: `open F: no such file or directory`. */
const fileError = (error, path) => {
    const { code = '', syscall = 'open', message } = error;
    return `${syscall} ${path}: ${words.get(code) ?? message}`;
};
const words = new Map([
    ['EACCES', 'permission denied'],
    ['EISDIR', 'is a directory'],
    ['ENOENT', 'no such file or directory'],
    ['ENOTDIR', 'not a directory'],
    ['EROFS', 'read-only file system'],
]);

;// CONCATENATED MODULE: ./images/shipyard-cli/pem-files.ts


/**
 * Reads the three files; with fewer than three paths none counts, as with the original. Throws Fatal, for the first
 * file that cannot be opened, else for the first that cannot be read.
 */
const readPemFiles = (files, paths) => {
    if (paths.certificate === '' || paths.key === '' || paths.authority === '') {
        return { certificate: '', key: '', authority: '' };
    }
    const read = [
        tryRead(files, 'ssl certificate', paths.certificate),
        tryRead(files, 'ssl key', paths.key),
        tryRead(files, 'ca certificate', paths.authority),
    ];
    const failure = read.find(({ failed }) => failed?.startsWith('unable to open')) ?? read.find(({ failed }) => failed);
    if (failure?.failed !== undefined) {
        throw new Fatal(failure.failed);
    }
    const [certificate, key, authority] = read;
    return { certificate: certificate.content, key: key.content, authority: authority.content };
};
const tryRead = (files, what, path) => {
    try {
        return { content: files.read(path) };
    }
    catch (error) {
        const verb = error.syscall === 'read' ? 'read' : 'open';
        return { content: '', failed: `unable to ${verb} ${what}: ${fileError(error, path)}` };
    }
};

;// CONCATENATED MODULE: ./images/shipyard-cli/commands/engines.ts








const engineCommands = [
    command('engines', 'list engines', engines),
    {
        ...command('add-engine', 'add shipyard engine', addEngine),
        flags: [
            textFlag(['id'], 'engine id'),
            textFlag(['addr'], 'engine address', 'http://127.0.0.1:2375'),
            textFlag(['cpus'], 'engine cpus', '1.0'),
            textFlag(['memory'], 'engine memory', '1024'),
            { kind: 'texts', names: ['label'], usage: 'engine labels' },
            textFlag(['ssl-cert'], 'path to ssl certificate'),
            textFlag(['ssl-key'], 'path to ssl key'),
            textFlag(['ca-cert'], 'path to ca certificate'),
        ],
    },
    {
        ...command('remove-engine', 'removes an engine', removeEngine),
        description: 'remove-engine <id> [<id>]',
    },
    {
        ...command('inspect-engine', 'inspect an engine', inspectEngine),
        description: 'inspect-engine <id>',
    },
];
async function engines({ io, client }) {
    const found = readEngines(await explain('error getting engines', client().call('GET', '/api/engines', 200)));
    const rows = found.map(({ id, engine, health, dockerVersion }) => [
        id,
        engine.id,
        fixed(engine.cpus, 2),
        fixed(engine.memory, 2),
        engine.addr,
        engine.labels.join(','),
        health?.status ?? '',
        health === undefined || health.responseTime === 0 ? '-' : fixed(health.responseTime / 1e6, 1),
        dockerVersion,
    ]);
    io.stdout.write(table(header, rows));
}
const header = [
    ...['ID', 'Name', 'Cpus', 'Memory', 'Host', 'Labels'],
    ...['Health', 'Response Time (ms)', 'Docker Version'],
];
async function addEngine({ io, flags, client }) {
    const shipyard = client();
    const id = flags.text('id');
    const addr = flags.text('addr');
    if (id === '' || addr === '') {
        throw new Fatal('you must specify an id and address');
    }
    const pem = readPemFiles(io.files, {
        certificate: flags.text('ssl-cert'),
        key: flags.text('ssl-key'),
        authority: flags.text('ca-cert'),
    });
    const cpus = parseFloat64(flags.text('cpus'));
    const memory = parseFloat64(flags.text('memory'));
    const unsupported = unsupportedNumber(cpus) ?? unsupportedNumber(memory);
    if (unsupported !== undefined) {
        throw new Fatal(`error adding engine: json: unsupported value: ${unsupported}`);
    }
    const engine = { id, addr, cpus, memory, labels: flags.texts('label') };
    const body = writeEngine({ id: '', ...pem, engine, health: undefined, dockerVersion: '' });
    await explain('error adding engine', shipyard.call('POST', '/api/engines', 201, body));
}
async function removeEngine({ io, flags, client }) {
    const shipyard = client();
    const found = readEngines(await explain('error removing engine', shipyard.call('GET', '/api/engines', 200), '\n'));
    for (const { id, engine } of found.filter(({ id }) => flags.rest.includes(id))) {
        await explain('error removing engine', shipyard.call('DELETE', `/api/engines/${id}`, 204));
        io.stdout.write(`removed ${engine.id}\n`);
    }
}
async function inspectEngine({ io, flags, client }) {
    const shipyard = client();
    const [id] = flags.rest;
    if (id === undefined) {
        throw new Fatal('you must specify an id');
    }
    const found = await explain('error inspecting engine', shipyard.call('GET', `/api/engines/${id}`, 200));
    io.stdout.write(found === null ? 'null\n' : `${marshal(writeEngine(readEngine(found)), 4)}\n`);
}

;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = require("node:path");
;// CONCATENATED MODULE: ./images/shipyard-cli/config.ts




/** Reads `.shipyardrc`. Throws Fatal for a file that holds no JSON object, and for a user without a home. */
const loadConfig = (io) => {
    const content = readFile(io);
    if (content === undefined) {
        return { kind: 'missing' };
    }
    const value = parse(content);
    return value === null ? { kind: 'null' } : { kind: 'config', config: readConfig(value) };
};
/** The configuration, or the way in which the original fails without one. */
const needConfig = (found) => {
    switch (found.kind) {
        case 'missing':
            throw new Fatal('config does not exist; try logging in');
        case 'null':
            throw new Panic('runtime error: invalid memory address or nil pointer dereference');
        case 'config':
            return found.config;
    }
};
/** Writes `.shipyardrc`. A longer old file keeps its tail behind the new value, as with the original. */
const saveConfig = (io, config) => {
    const { url, username, token, serviceKey, allowInsecure } = config;
    const fields = omitEmpty({ url, username, token, service_key: serviceKey });
    const flag = allowInsecure ? ',"allow_insecure":true}' : '}';
    const path = pathOf(io);
    try {
        io.files.overwrite(path, `${marshal(fields).slice(0, -1)}${flag}\n`);
    }
    catch (error) {
        throw new Fatal(fileError(error, path));
    }
};
const pathOf = ({ home }) => {
    if (home.kind === 'unknown') {
        throw new Fatal(`user: unknown userid ${home.uid}`);
    }
    return (0,external_node_path_namespaceObject.join)(home.directory, '.shipyardrc');
};
const readFile = (io) => {
    const path = pathOf(io);
    try {
        return io.files.read(path);
    }
    catch (error) {
        const { code } = error;
        if (code === 'ENOENT') {
            return undefined;
        }
        // A directory opens, and then holds no JSON.
        if (code === 'EISDIR') {
            return '';
        }
        throw new Fatal(fileError(error, path));
    }
};
const parse = (content) => {
    try {
        const value = unmarshal(content);
        if (typeof value === 'object' && !Array.isArray(value)) {
            return value;
        }
    }
    catch {
        // Said below, in the same words for every fault.
    }
    throw new Fatal('invalid config');
};
const readConfig = (value) => ({
    url: json_text(member(value, 'url')),
    username: json_text(member(value, 'username')),
    token: json_text(member(value, 'token')),
    serviceKey: json_text(member(value, 'service_key')),
    allowInsecure: member(value, 'allow_insecure') === true,
});

;// CONCATENATED MODULE: ./images/shipyard-cli/terminal.ts

/** Reads whole lines, without the blanks at their ends. Throws Fatal with `EOF` where input ends before a line does. */
const lineReader = (stdin) => {
    let buffered = Buffer.alloc(0);
    return () => {
        for (;;) {
            const end = buffered.indexOf('\n');
            if (end !== -1) {
                const line = buffered.subarray(0, end).toString();
                buffered = buffered.subarray(end + 1);
                return line.trim();
            }
            const chunk = stdin.read(4096);
            if (chunk.length === 0) {
                throw new Fatal('EOF');
            }
            buffered = Buffer.concat([buffered, chunk]);
        }
    };
};
/**
 * Asks for a password without echo, blanks at its ends cut off. It ends at CR or LF; DEL and BS take a byte back;
 * ^C is a byte like any other. Throws Panic where input is no terminal.
 */
const askPassword = ({ stdin, stdout, stderr }, prompt) => {
    // Before the prompt, so that nobody who waits for it can type into an echo.
    stdin.setRaw?.(true);
    stdout.write(prompt);
    if (stdin.setRaw === undefined) {
        throw new Panic('inappropriate ioctl for device');
    }
    try {
        return readPassword(stdin);
    }
    finally {
        stdin.setRaw(false);
        stderr.write('\n');
    }
};
const readPassword = (stdin) => {
    const bytes = [];
    for (;;) {
        const [byte] = stdin.read(1);
        if (byte === undefined || byte === carriageReturn || byte === lineFeed) {
            return Buffer.from(bytes).toString().trim();
        }
        if (byte === backspace || byte === del) {
            bytes.pop();
        }
        else {
            bytes.push(byte);
        }
    }
};
const backspace = 0x08;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const del = 0x7f;

;// CONCATENATED MODULE: ./images/shipyard-cli/commands/login.ts






/** The two commands that ask for a password. */
const loginCommands = [
    command('login', 'login to a shipyard cluster', login),
    command('change-password', 'update your password', changePassword),
];
async function login({ io, allowInsecure }) {
    const readLine = lineReader(io.stdin);
    io.stdout.write('URL: ');
    const url = readLine();
    io.stdout.write('Username: ');
    const username = readLine();
    const password = askPassword(io, 'Password: ');
    const config = { url, username, token: '', serviceKey: '', allowInsecure };
    const answer = await createClient(config, io).call('POST', '/auth/login', 200, { password, username });
    saveConfig(io, { ...config, token: json_text(member(answer, 'auth_token')) });
}
async function changePassword({ io, client }) {
    const shipyard = client();
    const password = askPassword(io, 'Password: ');
    if (askPassword(io, 'Confirm: ') !== password) {
        throw new Fatal('passwords do not match');
    }
    await shipyard.call('POST', '/account/changepassword', 200, { password });
}

;// CONCATENATED MODULE: ./images/shipyard-cli/commands/service-keys.ts




const serviceKeyCommands = [
    command('service-keys', 'list service keys', serviceKeys),
    {
        ...command('add-service-key', 'adds a service key', addServiceKey),
        flags: [textFlag(['description', 'd'], 'service key description')],
    },
    {
        ...command('remove-service-key', 'removes a service key', removeServiceKey),
        description: 'remove-service-key <key> [<key>]',
    },
];
async function serviceKeys({ io, client }) {
    const found = await explain('error getting service keys', client().call('GET', '/api/servicekeys', 200));
    const rows = list(found).map((key) => [json_text(member(key, 'key')), json_text(member(key, 'description'))]);
    io.stdout.write(table(['Key', 'Description'], rows));
}
async function addServiceKey({ io, flags, client }) {
    const body = omitEmpty({ description: flags.text('description') });
    const call = client().call('POST', '/api/servicekeys', 200, body);
    const key = await explain('error generating service key', call, '\n');
    io.stdout.write(`created key: ${json_text(member(key, 'key'))}\n`);
}
async function removeServiceKey({ io, flags, client }) {
    const shipyard = client();
    for (const key of flags.rest) {
        await explain('error removing service key', shipyard.call('DELETE', '/api/servicekeys', 204, { key }));
        io.stdout.write(`removed ${key}\n`);
    }
}

;// CONCATENATED MODULE: ./images/shipyard-cli/commands/all.ts






/** The commands of 2.0.10 in the order of its help; those without an action are known, but not built here. */
const commands = [
    ...loginCommands,
    ...accountCommands,
    containerCommand,
    command('inspect', 'inspect container'),
    command('run', 'run a container'),
    command('stop', 'stop a container'),
    command('restart', 'restart a container'),
    command('scale', 'scale a container'),
    command('logs', 'show container logs'),
    command('destroy', 'destroy a container'),
    ...engineCommands,
    ...serviceKeyCommands,
    command('extensions', 'show extensions'),
    command('add-extension', 'add extension'),
    command('remove-extension', 'remove an extension'),
    command('webhook-keys', 'list webhook keys'),
    command('add-webhook-key', 'adds a webhook key'),
    command('remove-webhook-key', 'removes a webhook key'),
    ...clusterCommands,
];

;// CONCATENATED MODULE: ./images/shipyard-cli/fatal-line.ts

/** The line that logrus of 2015 writes for a fatal error; on a terminal in colour, with the seconds since the start. */
const fatalLine = (message, started, { now, stdout }) => {
    if (!stdout.isTerminal) {
        const time = now()
            .toISOString()
            .replace(/\.\d+Z$/, 'Z');
        return `time="${time}" level="fatal" msg=${quote(message)} \n`;
    }
    const seconds = Math.trunc((now().getTime() - started.getTime()) / 1000);
    return `\u001b[31mFATA\u001b[0m[${seconds.toString().padStart(4, '0')}] ${message.padEnd(44)} \n`;
};

;// CONCATENATED MODULE: ./images/shipyard-cli/flags.ts
/**
 * Reads flags as Go's `flag` package: `-x` and `--x` are the same, a value follows or stands behind `=`, the first
 * argument that is no flag ends them. `undefined` is what the original calls incorrect usage.
 */
const parseFlags = (flags, args) => {
    const given = new Map();
    let at = 0;
    for (; at < args.length; at += 1) {
        const arg = args[at] ?? '';
        if (!arg.startsWith('-') || arg === '-') {
            break;
        }
        if (arg === '--') {
            at += 1;
            break;
        }
        const [, name, inline] = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
        const flag = flags.find(({ names }) => name !== undefined && names.includes(name));
        if (flag === undefined) {
            return undefined;
        }
        const value = inline ?? (flag.kind === 'switch' ? 'true' : args[(at += 1)]);
        if (value === undefined || (flag.kind === 'switch' && !booleans.has(value))) {
            return undefined;
        }
        given.set(flag, [...(given.get(flag) ?? []), value]);
    }
    return view(flags, given, args.slice(at));
};
/** Puts the arguments in front of the first flag behind it and what follows, where the original looks for them. */
const flagsFirst = (args) => {
    const terminator = args.indexOf('--');
    const first = args.findIndex((arg) => arg.startsWith('-') && arg !== '--');
    if (first === -1 || (terminator !== -1 && terminator < first)) {
        return args;
    }
    return [...args.slice(first), ...args.slice(0, first)];
};
const view = (flags, given, rest) => {
    const find = (name) => flags.find(({ names }) => names[0] === name);
    const valuesOf = (name) => {
        const flag = find(name);
        return (flag && given.get(flag)) ?? [];
    };
    return {
        text: (name) => {
            const flag = find(name);
            return valuesOf(name).at(-1) ?? (flag?.kind === 'text' ? flag.fallback : '');
        },
        texts: valuesOf,
        isOn: (name) => booleans.get(valuesOf(name).at(-1) ?? 'false') ?? false,
        rest,
    };
};
// What Go's strconv.ParseBool takes.
const booleans = new Map([
    ['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true]),
    ['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false]),
].flat());

;// CONCATENATED MODULE: ./images/shipyard-cli/help.ts

/** What `shipyard help` prints. */
const appHelp = (commands, globalFlags, version) => align([
    'NAME:\n   shipyard - manage a shipyard cluster\n\n',
    'USAGE:\n   shipyard [global options] command [command options] [arguments...]\n\n',
    `VERSION:\n   ${version}\n\n`,
    'COMMANDS:\n',
    ...commands.map(({ name, usage }) => `   ${name}\t${usage}\n`),
    '   help, h\tShows a list of commands or help for one command\n',
    '   \nGLOBAL OPTIONS:\n',
    ...globalFlags.map((flag) => `   ${describe(flag)}\n`),
    '   \n',
].join(''));
/** What `shipyard help <command>` prints. */
const commandHelp = ({ name, usage, description, flags }) => align([
    `NAME:\n   ${name} - ${usage}\n\n`,
    `USAGE:\n   command ${name}${flags.length === 0 ? '' : ' [command options]'} [arguments...]`,
    description === undefined ? '' : `\n\nDESCRIPTION:\n   ${description}`,
    flags.length === 0 ? '\n' : '\n\nOPTIONS:\n',
    ...flags.map((flag) => `   ${describe(flag)}\n`),
    flags.length === 0 ? '' : '   \n',
].join(''));
const describe = (flag) => {
    const names = flag.names.map((name) => (name.length === 1 ? `-${name}` : `--${name}`)).join(', ');
    switch (flag.kind) {
        case 'text':
            return `${names} ${flag.fallback === '' ? '' : `'${flag.fallback}'`}\t${flag.usage}`;
        case 'texts':
            return `${names} '${[names, names].map((name) => `${name} option`).join(' ')}'\t${flag.usage}`;
        case 'switch':
            return `${names}\t${flag.usage}`;
    }
};

;// CONCATENATED MODULE: ./images/shipyard-cli/run.ts







const version = '2.0.10';
/**
 * Runs `shipyard` with that command line (its first word is the program) and gives the exit status: 0, also for what
 * the original calls incorrect usage; 1 after a fatal error, written to standard output; 2 where the original panics.
 */
const run = async (argv, io) => {
    const started = io.now();
    try {
        // Before anything else, help and version included: a broken file stops every command.
        await dispatch(argv.slice(1), loadConfig(io), io);
        return 0;
    }
    catch (error) {
        if (error instanceof Fatal) {
            io.stdout.write(fatalLine(error.message, started, io));
            return 1;
        }
        if (error instanceof Panic) {
            io.stderr.write(`panic: ${error.message}\n\ngoroutine 1 [running]:\n`);
            return 2;
        }
        throw error;
    }
};
const globalFlags = [
    { kind: 'switch', names: ['allow-insecure'], usage: 'allow insecure certificates if using TLS' },
    { kind: 'switch', names: ['help', 'h'], usage: 'show help' },
    { kind: 'switch', names: ['generate-bash-completion'], usage: '' },
    { kind: 'switch', names: ['version', 'v'], usage: 'print the version' },
];
const helpFlag = { kind: 'switch', names: ['help', 'h'], usage: 'show help' };
const dispatch = async (args, found, io) => {
    const flags = parseFlags(globalFlags, args);
    const help = appHelp(commands, globalFlags, version);
    if (flags === undefined) {
        io.stdout.write(`Incorrect Usage.\n\n${help}\n`);
        return;
    }
    if (flags.isOn('version') && !flags.isOn('help')) {
        io.stdout.write(`shipyard version ${version}\n`);
        return;
    }
    const [name, ...rest] = flags.rest;
    const isHelp = name === 'help' || name === 'h';
    const topic = isHelp ? rest[0] : name;
    if (topic === undefined || flags.isOn('help')) {
        io.stdout.write(help);
        return;
    }
    const chosen = commands.find((command) => command.name === topic);
    if (chosen === undefined) {
        io.stdout.write(`No help topic for '${topic}'\n`);
    }
    else if (isHelp) {
        io.stdout.write(commandHelp(chosen));
    }
    else {
        await runCommand(chosen, { args: rest, global: flags, found, io });
    }
};
const runCommand = async (command, { args, global, found, io }) => {
    const flags = parseFlags([...command.flags, helpFlag], flagsFirst(args));
    if (flags === undefined) {
        io.stdout.write(`Incorrect Usage.\n\n${commandHelp(command)}\n`);
        return;
    }
    if (flags.isOn('help')) {
        io.stdout.write(commandHelp(command));
        return;
    }
    if (command.action === undefined) {
        throw new Fatal(`${command.name} is not built into this shipyard`);
    }
    const allowInsecure = global.isOn('allow-insecure');
    const client = () => {
        const config = needConfig(found);
        return createClient({ ...config, allowInsecure: allowInsecure || config.allowInsecure }, io);
    };
    await command.action({ io, flags, client, allowInsecure });
};

;// CONCATENATED MODULE: ./images/shipyard-cli/index.ts


// Not process.exit: output may still be on its way to a pipe.
void run(process.argv.slice(1), processIo(passwdHome())).then((status) => {
    process.exitCode = status;
});

module.exports = __webpack_exports__;
/******/ })()
;