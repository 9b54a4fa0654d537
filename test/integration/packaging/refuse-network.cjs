/** Required into every Node process of a packing run: writes down each try to leave the machine, and refuses it. */
const { appendFileSync } = require('node:fs');
const { Socket } = require('node:net');

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...given) {
  // net hands its normalised arguments over as one array.
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (typeof options === 'object' && options?.path) return connect.apply(this, given);
  const { host = 'localhost', port = options } = typeof options === 'object' ? options : {};
  appendFileSync(process.env.NETWORK_TRIES, `${host}:${port}\n`);
  throw new Error('this test lets nothing out');
};
