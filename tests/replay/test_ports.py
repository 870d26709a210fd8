import socket

from telephony.replay import ports


def test_a_port_is_given_once_and_nobody_gets_it_for_a_connection() -> None:
    given = [ports.free_port() for _ in range(50)]
    assert len(set(given)) == 50
    assert all(port in ports.ASIDE for port in given)


def test_a_port_on_which_somebody_listens_is_not_given() -> None:
    port = ports.free_port()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", port))
        listening.listen()
        assert not ports._is_free(port)
    assert ports._is_free(port)
