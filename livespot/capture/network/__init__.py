"""What comes over the network: addresses, streams, pictures over HTTP."""
