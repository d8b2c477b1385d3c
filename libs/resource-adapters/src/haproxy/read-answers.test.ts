import { expect, it } from 'vitest';
import { readInfo, readServerStates, readTraffic } from './read-answers.ts';

const stateHead =
  '1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight ' +
  'srv_iweight';
const statHead =
  '# pxname,svname,qcur,scur,stot,econ,hrsp_5xx,wretr,bck,last_chk,rate,qtime,ctime,rtime,ttime,';

it('takes the process and its start for the run', () => {
  const info =
    'Name: HAProxy\nVersion: 2.6.12-1\nPid: 77\nUptime_sec: 5\nStart_time_sec: 1795342349';
  expect(readInfo(info)).toEqual({
    version: '2.6.12-1',
    pid: 77,
    uptimeS: 5,
    instance: '77-1795342349',
  });
  expect(readInfo('Pid: 77\nUptime_sec: 5').instance).toBe('77');
});

it.each([
  ['up', '2 0', { isUp: true, isHeld: false }],
  ['starting slowly', '1 0', { isUp: true, isHeld: false }],
  ['down', '0 0', { isUp: false, isHeld: false }],
  ['in maintenance', '0 1', { isUp: false, isHeld: true }],
  ['in maintenance by the configuration', '0 5', { isUp: false, isHeld: true }],
  ['draining', '2 8', { isUp: true, isHeld: true }],
  ['without an address', '0 32', { isUp: false, isHeld: false }],
])('knows a server that is %s', (_, states, expected) => {
  const text = `${stateHead}\n3 b 1 s1 127.0.0.1 ${states} 12 40`;
  expect(readServerStates(text, new Set(['s1']))).toEqual([
    { name: 's1', weight: 12, nominalWeight: 40, isBackup: true, ...expected },
  ]);
});

it('reads counters by the name of their column, beside words with commas', () => {
  const text = `${statHead}
b,s1,1,2,30,4,12,5,0,"refused, ""really""",7,8,9,10,11,
b,s2,0,0,0,0,,0,1,,,,,,,
b,BACKEND,6,0,31,0,0,0,0,,7,1000,0,0,0,`;
  const { backend, servers, backups } = readTraffic(text);
  expect(servers.get('s1')).toEqual({
    queued: 1,
    current: 2,
    arrivals: 30,
    failed: 4,
    errors: 12,
    retried: 5,
    perSecond: 7,
    queueS: 0.008,
    connectS: 0.009,
    responseS: 0.01,
    totalS: 0.011,
  });
  expect(backend).toMatchObject({ queued: 6, arrivals: 31, queueS: 1 });
  expect([...backups]).toEqual(['s2']);
});

it.each([
  ['NaN', () => readInfo('Pid: NaN\nUptime_sec: 1')],
  ['a negative one', () => readTraffic(`${statHead}\nb,BACKEND,-1,0,0,0,0,0,0,,0,0,0,0,0,`)],
  ['a weight of 300', () => readServerStates(`${stateHead}\n3 b 1 s1 ::1 2 0 300 40`, new Set())],
  ['none at all', () => readTraffic(`${statHead}\nb,BACKEND,0,,,0,0,0,0,,0,0,0,0,0,`)],
  ['a column less', () => readTraffic('# pxname,svname,\nb,BACKEND,')],
  ['a line less', () => readTraffic(`${statHead}\nb,s1,0,0,0,0,0,0,0,,0,0,0,0,0,`)],
  ['another format', () => readServerStates('2\n# x\n1', new Set())],
])('takes no count from %s', (_, read) => {
  expect(read).toThrow(expect.objectContaining({ code: 'GARBAGE' }));
});

it('has a bound on servers', () => {
  const rows = Array.from({ length: 5_000 }, (_, at) => `3 b ${at} s${at} ::1 2 0 1 1`);
  const read = () => readServerStates(`${stateHead}\n${rows.join('\n')}`, new Set());
  expect(read).toThrow('at most 4096');
});
