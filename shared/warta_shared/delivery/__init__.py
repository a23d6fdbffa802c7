"""Delivery over Redis Streams: nothing lost, one outcome a message. The reading order is a message's life:

names -> broker -> groups -> publish -> attach -> delivery -> outcome -> commit -> reclaim -> trim -> backlog
-> stages -> measure
"""
